import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client, problemWords, queries } from '../../client';
import { queue } from '../../live';
import { episodeText } from '../../text/episode';
import { toast } from '../../ui';

export type FileOf = Schemas['FileView'];

const keyOf = (episode: string) => ['episode', episode, 'files'] as const;

const filesQuery = (episode: string) =>
  queryOptions({
    queryKey: keyOf(episode),
    queryFn: async ({ signal }): Promise<FileOf[]> => {
      const files: FileOf[] = [];
      for (let cursor = ''; ; ) {
        const params = { path: { id: episode }, query: { limit: 200, ...(cursor ? { cursor } : {}) } };
        const page = await call(() => client.api.GET('/api/v1/episodes/{id}/files', { params, signal }));
        files.push(...page.data);
        cursor = page.pagination.next_cursor;
        if (!cursor) {
          return files;
        }
      }
    },
  });

/** The files of an episode, newest first. */
export function useFiles(episode: string) {
  return useQuery(filesQuery(episode));
}

/** Takes a file that was uploaded here. */
export function addFile(episode: string, file: FileOf): void {
  queries.setQueryData(filesQuery(episode).queryKey, (files) => files && [file, ...files.filter(({ id }) => id !== file.id)]);
}

export async function renameFile(file: FileOf, name: string): Promise<void> {
  await call(() => client.api.PATCH('/api/v1/files/{id}', { params: { path: { id: file.id } }, body: { name } }));
  await queries.invalidateQueries({ queryKey: keyOf(file.episode_id ?? '') });
}

export async function deleteFile(file: FileOf): Promise<void> {
  try {
    await call(() => client.api.DELETE('/api/v1/files/{id}', { params: { path: { id: file.id } } }));
    queries.setQueryData(filesQuery(file.episode_id ?? '').queryKey, (files) => files?.filter(({ id }) => id !== file.id));
    toast({ words: episodeText.files.deletedOne({ name: file.name }) });
  } catch (error) {
    toast({ look: 'bad', words: episodeText.notDone, more: problemWords(error) });
  }
}

// Which files there are, and their thumbnails, once those were made.
queue.applies((batch) => {
  const episodes = new Set<string>();
  for (const { message } of batch) {
    const made = message.event === 'job_completed' && (message.data as Schemas['JobData']).kind === 'thumbnail-generation';
    if ((made || /^file_(created|updated|deleted)$/.test(message.event)) && !message.direct) {
      const { episode_id: episode } = message.data as Schemas['FileData'];
      if (episode !== undefined) {
        episodes.add(episode);
      }
    }
  }
  episodes.forEach((episode) => void queries.invalidateQueries({ queryKey: keyOf(episode) }));
});
