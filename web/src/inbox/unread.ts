import { queryOptions, useQuery } from '@tanstack/react-query';

import { call, client, queries } from '../client';

/** How many are unread, counted up to a thousand. */
const unreadQuery = queryOptions({
  queryKey: ['inbox', 'unread'],
  queryFn: async ({ signal }): Promise<number> => {
    const { data } = await call(() => client.api.GET('/api/v1/notifications/unread-count', { signal }));
    return data.unread_count;
  },
});

export function setUnread(n: number): void {
  void queries.cancelQueries({ queryKey: unreadQuery.queryKey }); // what is on its way is older
  queries.setQueryData(unreadQuery.queryKey, n);
}

/** How many notes are unread: the same in every tab. */
export function useUnread(): number {
  return useQuery(unreadQuery).data ?? 0;
}
