import type { Schemas } from 'callboard';
import { queryOptions, useQuery } from '@tanstack/react-query';

import { call, client, queries } from '../client';
import { queue } from '../live';
import { compareText } from '../text';

export type OnlineUser = Schemas['PresenceOnlineUser'];

const onlineKey = ['people', 'online'];

export const onlineQuery = queryOptions({
  queryKey: onlineKey,
  queryFn: async ({ signal }): Promise<OnlineUser[]> => {
    const { data } = await call(() => client.api.GET('/api/v1/presence/online-users', { params: { query: { limit: 200 } }, signal }));
    return data;
  },
});

/** Who is in now; undefined while that is not known. */
export function useOnline(): OnlineUser[] | undefined {
  return useQuery(onlineQuery).data;
}

export type Someone = Schemas['AccountPerson'];

/** All who have an account, by name. */
export const peopleQuery = queryOptions({
  queryKey: ['people', 'all'] as const,
  staleTime: 60_000, // new ones are told to admins alone
  queryFn: async ({ signal }): Promise<Someone[]> => {
    const people: Someone[] = [];
    for (let cursor = ''; ; ) {
      const page = await call(() => client.api.GET('/api/v1/people', { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } }, signal }));
      people.push(...page.data);
      cursor = page.pagination.next_cursor;
      if (!cursor) {
        return people.sort((a, b) => compareText(a.name, b.name));
      }
    }
  },
});

const nobody: Someone[] = [];

/** Who is on the board, by name, with their roles. */
export function usePeople(): Someone[] {
  return useQuery(peopleQuery).data ?? nobody;
}

type Status = Schemas['StatusData'];

queue.applies((batch) => {
  const changes = batch.filter(({ message }) => message.event === 'presence_status_changed' && !message.direct);
  if (changes.length > 0) {
    queries.setQueryData(onlineQuery.queryKey, (online) =>
      online && changes.reduce((users, { message }) => withStatus(users, message.data as Status, message.timestamp), online),
    );
  }
});

/** Returns who is online after a change of somebody's status. */
export function withStatus(users: OnlineUser[], status: Status, since: string): OnlineUser[] {
  if (status.status === 'offline') {
    return users.filter(({ user_id }) => user_id !== status.user_id);
  }
  const known = users.find(({ user_id }) => user_id === status.user_id);
  const changed = { ...status, since: known?.since ?? since };
  return known ? users.map((user) => (user === known ? changed : user)) : [...users, changed];
}

const statusQuery = queryOptions({
  queryKey: ['people', 'my-status'],
  queryFn: async ({ signal }): Promise<Schemas['PresenceStatusChoice']> => {
    const { data } = await call(() => client.api.GET('/api/v1/presence/status', { signal }));
    return data;
  },
  refetchOnMount: 'always',
});

/** What whoever is signed in has chosen to be. */
export function useMyStatus() {
  return useQuery(statusQuery);
}

let choosing: Promise<unknown> = Promise.resolve();

/** Chooses a status, after what was chosen before. It shows at once; refused, what the server has is read and the call rejects. */
export async function chooseStatus(body: Pick<Schemas['PresenceStatusBody'], 'status' | 'text'>): Promise<void> {
  queries.setQueryData(statusQuery.queryKey, { status: body.status, ...(body.text && { text: body.text }) });
  const done = choosing.then(() => call(() => client.api.POST('/api/v1/presence/status', { body })));
  choosing = done.catch(() => undefined);
  try {
    await done;
  } catch (error) {
    void queries.invalidateQueries({ queryKey: statusQuery.queryKey });
    throw error;
  }
}
