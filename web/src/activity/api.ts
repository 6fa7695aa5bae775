import { keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';
import { useMemo } from 'react';

import { base, call, client, problemWords } from '../client';
import { usePeople } from '../people/shared';
import { activityText } from '../text/activity';
import { toast } from '../ui';
import { countsKey, feedQuery } from './store/feed';
import type { Filter } from './store/entry';

export type Counts = Schemas['ActivityCountsView'];

/** The log as far as it was read. */
export function useFeed(filter: Filter) {
  const query = useInfiniteQuery({ ...feedQuery(filter), placeholderData: keepPreviousData });
  const entries = useMemo(() => query.data && [...new Map(query.data.pages.flatMap((page) => page.entries).map((entry) => [entry.id, entry])).values()], [query.data]);
  return { ...query, entries };
}

type CountsFilter = Omit<Filter, 'q'> & { zone: string };

const countsQuery = ({ who, action, type, since, until, zone }: CountsFilter) =>
  queryOptions({
    queryKey: [...countsKey, { who, action, type, since, until, zone }],
    queryFn: async ({ signal }): Promise<Counts> => {
      const query = {
        by: 'day' as const, time_zone: zone,
        ...(who && { user_id: who }), ...(action && { action }), ...(type && { resource_type: type }), ...(since && { since }), ...(until && { until }),
      };
      const { data } = await call(() => client.api.GET('/api/v1/activity/counts', { params: { query }, signal }));
      return data;
    },
    staleTime: 30_000, // ms: no event tells of all that is counted
  });

/** How much happened, by day and by person. */
export function useCounts(filter: CountsFilter, { enabled = true } = {}) {
  return useQuery({ ...countsQuery(filter), placeholderData: keepPreviousData, enabled });
}

/** Everybody who can be asked for: people, and who else is counted, such as applications. */
export function useActors(counted: Counts['by_user']): { id: string; name: string }[] {
  const people = usePeople();
  return useMemo(() => {
    const others = counted.map(({ key, name = key }) => ({ id: key, name })).filter(({ id }) => !people.some((one) => one.id === id));
    return [...people, ...others];
  }, [people, counted]);
}

export type Format = 'csv' | 'ndjson' | 'xlsx';

const wireOf = ({ who, action, type, since, until }: Filter) => ({
  ...(who && { user_id: who }), ...(action && { action }), ...(type && { resource_type: type }), ...(since && { since }), ...(until && { until }),
});

/** Asks for an export of what passes a filter, as a job. */
export async function exportLog(format: Format, filter: Filter, show: (job: string) => void): Promise<void> {
  try {
    const { data } = await call(() => client.api.POST('/api/v1/jobs', { body: { kind: 'bulk-export', args: { what: 'activity', format, activity: wireOf(filter) } } }));
    toast({ words: activityText.exportAsked, more: activityText.exportAskedMore, act: { name: activityText.exportShow, run: () => show(data.id) } });
  } catch (error) {
    toast({ look: 'bad', words: activityText.exportNotAsked, more: problemWords(error) });
  }
}

/** Where the same is downloaded at once, for who has no jobs. */
export function exportAddress(format: Format, filter: Filter): string {
  return `${base}/api/v1/activity/export?${new URLSearchParams({ format, ...wireOf(filter) }).toString()}`;
}
