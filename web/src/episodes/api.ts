import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

import { call, client, queries, statusOf } from '../client';
import { useRecord } from '../live';
import type { ListFilter } from './address';
import { firstFilter } from './first';
import { episodes, fieldsOf, same, type Episode, type Patch } from './store/episode';
import { changeLists, keepStill, listQuery, loadedOf } from './store/lists';
import './store/apply';

/** Begins to read the list that the address names, before anything is drawn. */
export async function firstList(): Promise<void> {
  const filter = firstFilter();
  if (filter) {
    await queries.prefetchInfiniteQuery(listQuery(filter));
  }
}

/** A list of episodes as far as it was read. Its rows stay where they are while it is on the screen. */
export function useEpisodeList(filter: ListFilter, { enabled = true } = {}) {
  const query = useInfiniteQuery({ ...listQuery(filter), placeholderData: keepPreviousData, enabled });
  useEffect(() => (enabled ? keepStill(filter) : undefined), [filter, enabled]);
  const loaded = useMemo(() => (query.data ? loadedOf(query.data) : undefined), [query.data]);
  return { ...query, loaded };
}

/** One episode, read whenever somebody comes to it and kept right by events; undefined until it is read, and when there is none. */
export function useEpisode(id: string | undefined): Episode | undefined {
  useQuery({
    queryKey: ['episodes', 'one', id],
    queryFn: async ({ signal }) => {
      const { data } = await call(() => client.api.GET('/api/v1/episodes/{id}', { params: { path: { id: id ?? '' }, query: { track: false } }, signal }));
      takeEpisode(data);
      return data.version;
    },
    enabled: id !== undefined,
    refetchOnMount: 'always',
  });
  return useRecord(episodes, id ?? '');
}

/** What became of a save. Beside: what others had changed meanwhile, in other fields. Clash: somebody else has changed the field meanwhile, and theirs is what is saved. */
export type Saved = { is: 'saved'; episode: Episode; beside: Episode | undefined } | { is: 'clash'; theirs: Episode } | { is: 'refused'; error: unknown };

/**
 * Saves changes of an episode that began from a version of it. They show at once, and go again when they are refused. When the episode has changed
 * meanwhile, but none of these fields, they are saved beside that change.
 */
export async function saveEpisode(began: Episode, patch: Patch): Promise<Saved> {
  const done = episodes.edit(began.id, patch);
  const path = { id: began.id };
  let beside: Episode | undefined;
  try {
    for (let version = began.version; ; ) {
      try {
        const { data } = await call(() =>
          client.api.PATCH('/api/v1/episodes/{id}', { params: { path, header: { 'If-Match': `"v${version}"` } }, body: patch }),
        );
        takeEpisode(data);
        return { is: 'saved', episode: data, beside };
      } catch (error) {
        if (statusOf(error) !== 412) {
          return { is: 'refused', error };
        }
      }
      const { data: theirs } = await call(() => client.api.GET('/api/v1/episodes/{id}', { params: { path, query: { track: false } } }));
      takeEpisode(theirs);
      const clashes = fieldsOf(patch).some((field) => !same(theirs[field], began[field]) && !same(theirs[field], patch[field]));
      if (clashes) {
        return { is: 'clash', theirs };
      }
      beside = theirs;
      version = theirs.version;
    }
  } catch (error) {
    return { is: 'refused', error };
  } finally {
    done();
    changeLists(new Set([began.id]));
  }
}

export async function restoreEpisode(id: string): Promise<void> {
  const { data } = await call(() => client.api.POST('/api/v1/episodes/{id}/restore', { params: { path: { id } } }));
  takeEpisode(data);
  changeLists(new Set([id]));
}

/** Takes an answer, unless an event has told of a later version already. */
export function takeEpisode(episode: Episode): void {
  if ((episodes.saved(episode.id)?.version ?? 0) <= episode.version) {
    episodes.put(episode);
  }
}
