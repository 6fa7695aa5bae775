import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client, problemWords, queries } from '../../client';
import { queue } from '../../live';
import { useMayEdit } from '../../session';
import { text } from '../../text';
import { toast } from '../../ui';

export type Job = Schemas['JobView'];

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

/** A bar never goes back within an attempt: a read may be older than what was told meanwhile. */
export function furthest(known: Job | undefined, read: Job): Job {
  const sameAttempt = known?.status === 'processing' && read.status === 'processing' && known.attempt === read.attempt && known.queued_at === read.queued_at;
  return sameAttempt && known.progress > read.progress ? { ...read, progress: known.progress, message: known.message, estimated_end: known.estimated_end } : read;
}

/** Asks for the thumbnails of a picture or film; the medium one becomes the picture of its episode. */
export async function queueThumbnails({ id, episode_id: episode }: Schemas['FileView']): Promise<void> {
  try {
    await call(() => client.api.POST('/api/v1/jobs', { body: { kind: 'thumbnail-generation', args: { file_id: id } } }));
    await queries.invalidateQueries({ queryKey: keyOf(episode ?? '') });
  } catch (error) {
    toast({ look: 'bad', words: text.episode.notDone, more: problemWords(error) });
  }
}

/** How many seconds a job will take if it goes on like this; undefined while that is not known. */
export function secondsLeft({ estimated_end: end }: Job): number | undefined {
  return end === null ? undefined : Math.max(0, (Date.parse(end) - Date.now()) / 1000);
}

export async function act(job: Job, what: 'cancel' | 'retry'): Promise<void> {
  const init = { params: { path: { id: job.id } } };
  try {
    await call<unknown>(() => (what === 'cancel' ? client.api.POST('/api/v1/jobs/{id}/cancel', init) : client.api.POST('/api/v1/jobs/{id}/retry', init)));
    await queries.invalidateQueries({ queryKey: keyOf(job.episode_id ?? '') });
  } catch (error) {
    toast({ look: 'bad', words: text.episode.notDone, more: problemWords(error) });
  }
}

queue.applies((batch) => {
  const changed = new Set<string>();
  for (const { message } of batch) {
    if (message.direct || message.resource.type !== 'job') {
      continue;
    }
    if (message.event === 'job_progress') {
      progressed(message.resource.id, message.data as Schemas['ProgressData']);
    } else {
      const { episode_id: episode } = message.data as Partial<Schemas['JobData']>;
      if (episode !== undefined) {
        changed.add(episode);
      }
    }
  }
  changed.forEach((episode) => void queries.invalidateQueries({ queryKey: keyOf(episode) }));
});

function progressed(id: string, { progress, message = '', estimated_end = undefined, attempt }: Schemas['ProgressData']): void {
  for (const [key, jobs] of queries.getQueriesData<Job[]>({ predicate: ({ queryKey }) => queryKey[0] === 'episode' && queryKey[2] === 'jobs' })) {
    const job = jobs?.find((one) => one.id === id);
    if (jobs && job?.attempt === attempt && job.status === 'processing' && progress >= job.progress) {
      const now = { ...job, progress, message, estimated_end: estimated_end ?? null };
      queries.setQueryData(key, jobs.map((one) => (one === job ? now : one)));
    }
  }
}
