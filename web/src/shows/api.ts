import type { Schemas } from 'callboard';
import { queryOptions, useQuery } from '@tanstack/react-query';

import { call, client, queries } from '../client';
import { queue } from '../live';
import { compareText } from '../text';

export type Show = Schemas['ShowView'];

const showsKey = ['shows'];

export const showsQuery = queryOptions({
  queryKey: showsKey,
  queryFn: async ({ signal }): Promise<Show[]> => {
    const shows: Show[] = [];
    for (let cursor = ''; ; ) {
      const page = await call(() => client.api.GET('/api/v1/shows', { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } }, signal }));
      shows.push(...page.data);
      cursor = page.pagination.next_cursor;
      if (!cursor) {
        return shows.sort((a, b) => compareText(a.title, b.title));
      }
    }
  },
});

/** All shows, by title. */
export function useShows(): Show[] {
  return useQuery(showsQuery).data ?? [];
}

// There are few shows and they rarely change: the list is read anew.
queue.applies((batch) => {
  if (batch.some(({ message }) => /^show_(created|updated|deleted)$/.test(message.event) && !message.direct)) {
    void queries.invalidateQueries({ queryKey: showsKey });
  }
});
