import { hashKey, infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';

import { call, client, queries } from '../../client';
import type { ListFilter } from '../address';
import { episodes } from './episode';
import { differenceOf, placed, type Find, type Loaded } from './place';
import { pageQuery } from './query';
import { forget, note, waitingFor } from './waiting';

interface ListPage {
  ids: readonly string[];
  /** Where the next page begins; empty on the last one. */
  next: string;
}

type Pages = InfiniteData<ListPage>;

/** How many records are kept that no list on the screen shows. */
const mostKept = 2000;

const keyOf = (filter: ListFilter) => ['episodes', 'list', filter] as const;

/** By which a list is known where what waits for it is noted. */
export const listName = (filter: ListFilter): string => hashKey(keyOf(filter));

async function readPage(filter: ListFilter, cursor: string, signal?: AbortSignal) {
  const query = { ...pageQuery(filter), ...(cursor && { cursor }) };
  const page = await call(() => client.api.GET('/api/v1/episodes', { params: { query }, ...(signal && { signal }) }));
  for (const episode of page.data) {
    if ((episodes.saved(episode.id)?.version ?? 0) <= episode.version) {
      episodes.put(episode); // an event may have told of more already
    }
  }
  return page;
}

/** The ids of all that a list holds, also of what nobody has scrolled to; the first ones up to `most`. */
export async function readIds(filter: ListFilter, most: number): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const { data, pagination } = await readPage(filter, cursor);
    ids.push(...data.map(({ id }) => id));
    cursor = pagination.next_cursor;
    if (!cursor || ids.length >= most) {
      return ids.slice(0, most);
    }
  }
}

/** A list of episodes: ids by page. The records themselves go to where each is once. */
export function listQuery(filter: ListFilter) {
  return infiniteQueryOptions({
    queryKey: keyOf(filter),
    queryFn: async ({ pageParam, signal }): Promise<ListPage> => {
      const { data, pagination } = await readPage(filter, pageParam, signal);
      if (!pageParam) {
        forget(listName(filter));
      }
      return { ids: data.map(({ id }) => id), next: pagination.next_cursor };
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next || undefined,
  });
}

export function loadedOf(data: Pages): Loaded {
  return { ids: [...new Set(data.pages.flatMap(({ ids }) => ids))], more: data.pages.at(-1)?.next !== '' };
}

/** Lists of which somebody sees the rows: those keep their rows where they are, and what would move them waits. */
const still = new Map<string, number>();

/** Keeps the rows of a list where they are until the function that it returns is called. */
export function keepStill(filter: ListFilter): () => void {
  const name = listName(filter);
  still.set(name, (still.get(name) ?? 0) + 1);
  return () => {
    const holders = (still.get(name) ?? 1) - 1;
    if (holders > 0) {
      still.set(name, holders);
    } else {
      still.delete(name);
      takeWaiting(filter);
    }
  };
}

/**
 * Brings every list up to date with episodes that have changed. Lists of which somebody sees the rows let it wait, unless it is to be seen at once:
 * so it is with what one has moved oneself.
 */
export function changeLists(changed: ReadonlySet<string>, { atOnce = false } = {}): void {
  for (const [key, data] of queries.getQueriesData<Pages>({ queryKey: ['episodes', 'list'] })) {
    if (!data) {
      continue;
    }
    const filter = key[2] as ListFilter;
    const name = listName(filter);
    const loaded = loadedOf(data);
    const find = (id: string) => episodes.get(id);
    for (const id of changed) {
      note(name, id, differenceOf(filter, loaded, id, find));
    }
    if (atOnce || !still.has(name)) {
      takeWaiting(filter, atOnce ? changed : undefined);
    }
  }
  trim();
}

/** Takes what waits for a list, or only some of it: its rows are where they belong from now on. */
export function takeWaiting(filter: ListFilter, only?: ReadonlySet<string>): void {
  const name = listName(filter);
  const { added, moved, gone } = waitingFor(name);
  const changed = [...added, ...moved, ...gone].filter((id) => only?.has(id) ?? true);
  if (changed.length === 0) {
    return;
  }
  queries.setQueryData<Pages>(keyOf(filter), (data) => {
    if (!data) {
      return data;
    }
    const ids = placed(filter, loadedOf(data), changed, (id) => episodes.get(id));
    return { ...data, pages: data.pages.map((page, i) => ({ ...page, ids: i === 0 ? ids : [] })) };
  });
  if (only) {
    changed.forEach((id) => note(name, id, undefined));
  } else {
    forget(name);
  }
}

/**
 * Brings some episodes where they belong in every list at once, also where rows keep their places: what somebody has just asked for here. With
 * another find they are shown as that has them: one that finds nothing takes the rows away.
 */
export function settle(ids: Iterable<string>, find: Find = (id) => episodes.saved(id)): void {
  const settled = [...ids];
  for (const [key, data] of queries.getQueriesData<Pages>({ queryKey: ['episodes', 'list'] })) {
    if (!data) {
      continue;
    }
    const filter = key[2] as ListFilter;
    const all = placed(filter, loadedOf(data), settled, find);
    queries.setQueryData<Pages>(key, { ...data, pages: data.pages.map((page, i) => ({ ...page, ids: i === 0 ? all : [] })) });
    settled.forEach((id) => note(listName(filter), id, undefined));
  }
}

/** Forgets records that no list holds any more. */
function trim(): void {
  if (episodes.size > mostKept) {
    const kept = new Set(queries.getQueriesData<Pages>({ queryKey: ['episodes', 'list'] }).flatMap(([, data]) => data?.pages.flatMap(({ ids }) => ids) ?? []));
    episodes.trim(mostKept, kept);
  }
}

/** Where an episode stands in the list that was read last, and what is beside it; undefined when no list holds it. */
export function neighboursOf(id: string): { at: number; of: number; more: boolean; previous: string | undefined; next: string | undefined } | undefined {
  const lists = queries
    .getQueryCache()
    .findAll({ queryKey: ['episodes', 'list'] })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  for (const { state } of lists) {
    if (!state.data) {
      continue;
    }
    const { ids, more } = loadedOf(state.data as Pages);
    const at = ids.indexOf(id);
    if (at >= 0) {
      return { at: at + 1, of: ids.length, more, previous: ids[at - 1], next: ids[at + 1] };
    }
  }
  return undefined;
}
