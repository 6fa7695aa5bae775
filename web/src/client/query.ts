import { QueryClient } from '@tanstack/react-query';

/**
 * The cache of what was read. Nothing in it grows old by itself: events keep it right (see live/), and what no event tells of says so where it is
 * read, by a staleTime of its own. The client repeats what got no answer, so nothing is repeated here.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: Infinity, gcTime: 5 * 60_000, retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
