import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import { create } from 'zustand';

import { call, client, queries, serverNow } from '../../client';
import type { InboxFilter } from '../address';
import { notes, placed, putNote } from './note';

interface ListPage {
  ids: readonly string[];
  /** Where the next page begins; empty on the last one. */
  next: string;
}

type Pages = InfiniteData<ListPage>;

const pageSize = 50;
const mostKept = 200;

const wire = ({ show, type }: InboxFilter) => ({ ...(show === 'unread' && { unread: true }), ...(show === 'archived' && { archived: true }), ...(type && { type }) });

async function readPage(filter: InboxFilter, cursor: string, signal?: AbortSignal): Promise<ListPage> {
  const query = { limit: pageSize, ...wire(filter), ...(cursor && { cursor }) };
  const { data, pagination } = await call(() => client.api.GET('/api/v1/notifications', { params: { query }, ...(signal && { signal }) }));
  data.forEach(putNote);
  return { ids: data.map(({ id }) => id), next: pagination.next_cursor };
}

/** A list of the inbox. It is read anew whenever one comes to it: what was read elsewhere tells of a number alone. */
export function inboxQuery(filter: InboxFilter) {
  return infiniteQueryOptions({
    queryKey: ['inbox', 'list', filter] as const,
    queryFn: ({ pageParam, signal }) => readPage(filter, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next || undefined,
    refetchOnMount: 'always',
  });
}

export function loadedIds(data: Pages): readonly string[] {
  return [...new Set(data.pages.flatMap(({ ids }) => ids))];
}

/** Notes with news that are not in their places yet. They wait while somebody is in the list, so that no row moves under a hand. */
export const useWaiting = create<{ ids: readonly string[] }>(() => ({ ids: [] }));

export function wait(ids: readonly string[]): void {
  useWaiting.setState((waiting) => ({ ids: [...new Set([...waiting.ids, ...ids])].slice(-mostKept) }));
}

/** Puts what waits where it belongs. */
export function takeWaiting(): void {
  const { ids } = useWaiting.getState();
  useWaiting.setState({ ids: [] });
  place(ids);
}

/** Shows as read all that the lists have up to a position: who reads all reads also what is below the part that was sent. */
export function showRead(upToPos: number): void {
  const read_at = new Date(serverNow()).toISOString();
  for (const id of listedIds()) {
    const saved = notes.saved(id);
    if (saved && saved.read_at === undefined && saved.pos <= upToPos) {
      notes.put({ ...saved, read_at });
    }
  }
}

const listedIds = (): readonly string[] => queries.getQueriesData<Pages>({ queryKey: ['inbox', 'list'] }).flatMap(([, data]) => (data ? loadedIds(data) : []));

/** Puts notes where they belong in all lists, or takes them out of those where they do not. */
export function place(some: readonly string[]): void {
  for (const [key, data] of queries.getQueriesData<Pages>({ queryKey: ['inbox', 'list'] })) {
    if (data) {
      const more = data.pages.at(-1)?.next !== '';
      const ids = placed(key[2] as InboxFilter, loadedIds(data), more, some, (id) => notes.get(id));
      queries.setQueryData<Pages>(key, { ...data, pages: data.pages.map((page, i) => ({ ...page, ids: i === 0 ? ids : [] })) });
    }
  }
  notes.trim(mostKept, new Set(listedIds()));
}

/** Reads the beginning of the lists on the screen, after something has changed of which only the number was told. New notes wait. */
export async function lookForNews(): Promise<void> {
  for (const query of queries.getQueryCache().findAll({ queryKey: ['inbox', 'list'], type: 'active' })) {
    const filter = query.queryKey[2] as InboxFilter;
    const { data } = query.state as { data: Pages | undefined };
    const known = new Set(data ? loadedIds(data) : []);
    const { ids } = await readPage(filter, '');
    wait(ids.filter((id) => !known.has(id)));
  }
}
