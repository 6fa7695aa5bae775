import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client, problemWords, queries } from '../../client';
import { after, furthest, type Job } from '../../jobs/shared';
import { queue } from '../../live';
import { useMayEdit } from '../../session';
import { episodeText } from '../../text/episode';
import { toast } from '../../ui';

const keyOf = (episode: string) => ['episode', episode, 'jobs'] as const;

const jobsQuery = (episode: string) =>
  queryOptions({
    queryKey: keyOf(episode),
    queryFn: async ({ signal }): Promise<Job[]> => {
      const { data } = await call(() => client.api.GET('/api/v1/jobs', { params: { query: { episode_id: episode, limit: 50 } }, signal }));
      const known = queries.getQueryData<Job[]>(keyOf(episode));
      return data.map((job) => furthest(known?.find(({ id }) => id === job.id), job));
    },
  });

/** The jobs of an episode, newest first: one's own, for admins all. Viewers have none. */
export function useJobs(episode: string) {
  return useQuery({ ...jobsQuery(episode), enabled: useMayEdit() });
}

/** Whether the server makes thumbnails of files of that type; of a film only where it can read films, which its job then says. */
export function mayHaveThumbnails(type: string): boolean {
  return /^(image\/(jpeg|png|gif|webp)|video\/[^;]+)(;|$)/.test(type);
}

/** Asks for the thumbnails of a picture or film; the medium one becomes the picture of its episode. */
export async function queueThumbnails({ id, episode_id: episode }: Schemas['FileView']): Promise<void> {
  try {
    await call(() => client.api.POST('/api/v1/jobs', { body: { kind: 'thumbnail-generation', args: { file_id: id } } }));
    await queries.invalidateQueries({ queryKey: keyOf(episode ?? '') });
  } catch (error) {
    toast({ look: 'bad', words: episodeText.notDone, more: problemWords(error) });
  }
}

queue.applies((batch) => {
  const changed = new Set<string>();
  for (const { message } of batch) {
    if (message.direct || message.resource.type !== 'job') {
      continue;
    }
    if (message.event === 'job_progress') {
      progressed(message.resource.id, message.data, message.timestamp);
    } else {
      const { episode_id: episode } = message.data as Partial<Schemas['JobData']>;
      if (episode !== undefined) {
        changed.add(episode);
      }
    }
  }
  changed.forEach((episode) => void queries.invalidateQueries({ queryKey: keyOf(episode) }));
});

function progressed(id: string, data: unknown, at: string): void {
  for (const [key, jobs] of queries.getQueriesData<Job[]>({ predicate: ({ queryKey }) => queryKey[0] === 'episode' && queryKey[2] === 'jobs' })) {
    const job = jobs?.find((one) => one.id === id);
    const now = job && after(job, 'job_progress', data, at);
    if (jobs && now) {
      queries.setQueryData(key, jobs.map((one) => (one === job ? now : one)));
    }
  }
}
