import { queryOptions, useQuery } from '@tanstack/react-query';

import { call, client } from '../client';
import { useMayEdit } from '../session';
import './store/apply'; // which reads it anew
import { takeJob } from './store/job';

const runningQuery = queryOptions({
  queryKey: ['jobs', 'running'] as const,
  queryFn: async ({ signal }) => {
    const { data } = await call(() => client.api.GET('/api/v1/jobs', { params: { query: { status: 'processing', limit: 100 } }, signal }));
    data.forEach(takeJob);
    return data.length;
  },
});

/** How many jobs run now: one's own, for admins all. */
export function useRunning(): number {
  return useQuery({ ...runningQuery, enabled: useMayEdit() }).data ?? 0;
}
