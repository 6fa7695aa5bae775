import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query';
import { create } from 'zustand';

import { call, client, queries } from '../../client';
import { queue } from '../../live';
import { entryOf, entryOfEvent, matches, type Entry, type Filter } from './entry';

interface FeedPage {
  entries: readonly Entry[];
  /** Where the next page begins; empty on the last one. */
  next: string;
}

const pageSize = 50;
const feedKey = ['activity', 'feed'] as const;
export const countsKey = ['activity', 'counts'] as const;

/** The log, newest first. It is read anew whenever somebody comes to it: not all that goes into it is told. */
export function feedQuery(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: [...feedKey, filter] as const,
    queryFn: async ({ pageParam, signal }): Promise<FeedPage> => {
      const { q, who, action, type, since, until } = filter;
      const query = {
        limit: pageSize, wait: true,
        ...(pageParam && { cursor: pageParam }), ...(who && { user_id: who }), ...(action && { action }), ...(type && { resource_type: type }), ...(since && { since }), ...(until && { until }),
      };
      const { data, pagination } = await call(() =>
        q ? client.api.GET('/api/v1/activity/search', { params: { query: { ...query, q } }, signal }) : client.api.GET('/api/v1/activity/feed', { params: { query }, signal }),
      );
      return { entries: data.map(entryOf), next: pagination.next_cursor };
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next || undefined,
    refetchOnMount: 'always',
  });
}

const mostWaiting = 200;

/** What has happened since the list was read, newest first. It waits, so that no row moves under an eye. */
const useWaiting = create<{ entries: readonly Entry[] }>(() => ({ entries: [] }));

/** What waits for a list. */
export function useWaitingFor(filter: Filter, known: ReadonlySet<string>): readonly Entry[] {
  const { entries } = useWaiting();
  return entries.filter((entry) => !known.has(entry.id) && matches(filter, entry));
}

let counting: ReturnType<typeof setTimeout> | undefined;
const countsPause = 5000; // ms between two readings of the numbers, at least

/** Puts what waits into all lists where it belongs. The numbers follow. */
export function takeWaiting(): void {
  const { entries } = useWaiting.getState();
  useWaiting.setState({ entries: [] });
  for (const [key, data] of queries.getQueriesData<InfiniteData<FeedPage>>({ queryKey: feedKey })) {
    const [first, ...rest] = data?.pages ?? [];
    if (!data || !first) {
      continue;
    }
    const known = new Set(data.pages.flatMap((page) => page.entries.map(({ id }) => id)));
    const added = entries.filter((entry) => !known.has(entry.id) && matches(key[2] as Filter, entry));
    queries.setQueryData<InfiniteData<FeedPage>>(key, { ...data, pages: [{ ...first, entries: [...added, ...first.entries] }, ...rest] });
  }
  counting ??= setTimeout(() => {
    counting = undefined;
    void queries.invalidateQueries({ queryKey: countsKey });
  }, countsPause);
}

/** Forgets what waits: the lists are read anew. */
export function forgetWaiting(): void {
  useWaiting.setState({ entries: [] });
}

queue.applies((batch) => {
  const added = batch.flatMap(({ message }) => entryOfEvent(message) ?? []);
  if (added.length > 0) {
    useWaiting.setState(({ entries }) => {
      const known = new Set(entries.map(({ id }) => id));
      return { entries: [...added.filter(({ id }) => !known.has(id)).reverse(), ...entries].slice(0, mostWaiting) };
    });
  }
});
