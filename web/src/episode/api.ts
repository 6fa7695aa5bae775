import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';
import { useEffect } from 'react';

import { call, client, problemWords, queries, serverNow } from '../client';
import { changeLists, completeEpisode, episodes, restoreEpisode, takeEpisode, type Episode } from '../episodes/shared';
import { queue, useRecord } from '../live';
import { text } from '../text';
import { episodeText } from '../text/episode';
import { toast, undoable } from '../ui';

export type Entry = Schemas['ActivityView'];

const episodeQuery = (id: string) =>
  queryOptions({
    queryKey: ['episode', id] as const,
    queryFn: async ({ signal }) => {
      // The page is a viewer by its socket, for as long as it is open.
      const { data } = await call(() => client.api.GET('/api/v1/episodes/{id}', { params: { path: { id }, query: { track: false } }, signal }));
      takeEpisode(data);
      return data.version;
    },
  });

/** An episode, read once and kept right by events. */
export function useEpisode(id: string): { episode: Episode | undefined; error: unknown; again: () => void } {
  const query = useQuery(episodeQuery(id));
  const episode = useRecord(episodes, id);
  useEffect(() => {
    if (episode) {
      void completeEpisode(id);
    }
  }, [id, episode]);
  return { episode, error: query.error, again: () => void query.refetch() };
}

/** The last thing that happened to an episode, which is known also of one that is deleted. */
async function lastEntry(id: string): Promise<Entry | undefined> {
  const { data } = await call(() => client.api.GET('/api/v1/activity/resource/{type}/{id}', { params: { path: { type: 'episode', id }, query: { limit: 1, wait: true } } }));
  return data[0];
}

/** The same, as it was when the episode had a version; 0 for one that is not there. */
export const lastEntryQuery = (id: string, version: number) =>
  queryOptions({ queryKey: ['episode', id, 'last', version] as const, queryFn: async () => (await lastEntry(id)) ?? null, ...(version === 0 && { staleTime: 0 }) });

/** Deletes an episode; a toast takes it back. */
export const deleteEpisode = undoable(async (episode: Episode): Promise<void> => {
  const { id, title } = episode;
  try {
    await call(() => client.api.DELETE('/api/v1/episodes/{id}', { params: { path: { id } } }));
    const now = episodes.saved(id);
    if (now && now.deleted_at === undefined) {
      episodes.put({ ...now, deleted_at: new Date(serverNow()).toISOString() });
    }
    changeLists(new Set([id]));
    toast({ words: episodeText.deleted({ title }), undo: () => void restore(id, title) });
  } catch (error) {
    toast({ look: 'bad', words: episodeText.notDone, more: problemWords(error) });
  }
});

export async function restore(id: string, title: string): Promise<void> {
  try {
    await restoreEpisode(id);
    void queries.invalidateQueries({ queryKey: ['episode', id] });
    toast({ words: episodeText.restored({ title }) });
  } catch (error) {
    toast({ look: 'bad', words: episodeText.notDone, more: problemWords(error, text.edits.fields) });
  }
}

const watchQuery = (id: string) =>
  queryOptions({
    queryKey: ['episode', id, 'watch'] as const,
    queryFn: async ({ signal }) => (await call(() => client.api.GET('/api/v1/watches/{type}/{id}', { params: { path: { type: 'episode', id } }, signal }))).data.watching,
  });

/** Whether I watch the episode; undefined while that is not known. */
export function useWatching(id: string): boolean | undefined {
  return useQuery(watchQuery(id)).data;
}

export async function watch(id: string, wanted: boolean): Promise<void> {
  const { queryKey } = watchQuery(id);
  queries.setQueryData(queryKey, wanted);
  try {
    const init = { params: { path: { type: 'episode', id } } };
    await call<unknown>(() => (wanted ? client.api.PUT('/api/v1/watches/{type}/{id}', init) : client.api.DELETE('/api/v1/watches/{type}/{id}', init)));
    toast({ words: wanted ? episodeText.nowWatching : episodeText.notWatching });
  } catch (error) {
    queries.setQueryData(queryKey, !wanted);
    toast({ look: 'bad', words: episodeText.notDone, more: problemWords(error) });
  }
}

// Who changes an episode may come to watch it by that.
queue.applies((batch) => {
  for (const { message } of batch) {
    if (message.resource.type === 'episode' && message.event === 'episode_restored' && !message.direct) {
      void queries.invalidateQueries({ queryKey: ['episode', message.resource.id] });
    }
  }
});
