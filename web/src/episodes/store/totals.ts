import { keepPreviousData, queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client, queries } from '../../client';
import { queue } from '../../live';
import type { ListFilter } from '../address';

export type Totals = Schemas['EpisodeTotals'];

const totalsKey = ['episodes', 'totals'];

const totalsQuery = ({ show, status, q }: Pick<ListFilter, 'show' | 'status' | 'q'>) =>
  queryOptions({
    queryKey: [...totalsKey, { show, status, q }],
    queryFn: async ({ signal }): Promise<Totals> => {
      const query = { ...(show && { show_id: [show] }), ...(status.length > 0 && { status: [...status] }), ...(q && { q }) };
      return (await call(() => client.api.GET('/api/v1/episodes/totals', { params: { query }, signal }))).data;
    },
    placeholderData: keepPreviousData,
  });

/** How many episodes pass a filter, and of which status. */
export function useTotals(filter: ListFilter, { enabled = true } = {}): UseQueryResult<Totals> {
  return useQuery({ ...totalsQuery(filter), enabled });
}

const pause = 1000; // ms, for which changes are gathered before it is counted anew
let timer: ReturnType<typeof setTimeout> | undefined;

queue.applies((batch) => {
  if (timer === undefined && batch.some(({ message }) => message.event.startsWith('episode_') && !message.direct)) {
    timer = setTimeout(() => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: totalsKey });
    }, pause);
  }
});
