import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client, queries, statusOf } from '../../client';

export type User = Schemas['AccountUser'];
export type Connection = Schemas['RealtimeConnection'];
type Role = User['role'];

const usersQuery = queryOptions({
  queryKey: ['people', 'users'],
  queryFn: async ({ signal }): Promise<User[]> => {
    const users: User[] = [];
    for (let cursor = ''; ; ) {
      const page = await call(() => client.api.GET('/api/v1/users', { params: { query: { limit: 200, ...(cursor && { cursor }) } }, signal }));
      users.push(...page.data);
      cursor = page.pagination.next_cursor;
      if (!cursor) {
        return users;
      }
    }
  },
  refetchOnMount: 'always',
});

/** All accounts, in the order of their creation. */
export function useUsers() {
  return useQuery(usersQuery);
}

function take(user: User): void {
  queries.setQueryData(usersQuery.queryKey, (users) => users && (users.some(({ id }) => id === user.id) ? users.map((one) => (one.id === user.id ? user : one)) : [...users, user]));
  void queries.invalidateQueries({ queryKey: ['people', 'all'] });
}

export async function changeUser(id: string, change: { role?: Role; password?: string; disabled?: false }): Promise<void> {
  const { data } = await call(() => client.api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body: change }));
  take(data);
}

/** Adds somebody, and returns the link by which they choose a password. */
export async function addUser(body: { name: string; email: string; role: Role }): Promise<string | undefined> {
  const { data } = await call(() => client.api.POST('/api/v1/users', { body }));
  take(data);
  return inviteUser(data.id);
}

/** Makes the link by which somebody chooses a first password; undefined where nobody signs in with one. The link before no longer works. */
export async function inviteUser(id: string): Promise<string | undefined> {
  try {
    const { data } = await call(() => client.api.POST('/api/v1/users/{id}/invitation', { params: { path: { id } } }));
    return new URL(`invite?${new URLSearchParams({ token: data.token })}`, document.baseURI).href;
  } catch (error) {
    if (statusOf(error) === 409) {
      return undefined;
    }
    throw error;
  }
}

export async function disableUser(user: User): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/users/{id}', { params: { path: { id: user.id } } }));
  take({ ...user, disabled: true });
}

export async function resetSecondFactor(id: string): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/users/{id}/second-factor', { params: { path: { id } } }));
  await queries.invalidateQueries({ queryKey: usersQuery.queryKey });
}

const letters = 'abcdefghjkmnpqrstuvwxyz23456789'; // none that looks like another one

/** A password that nobody guesses, in groups that can be read out: 24 letters of 31, which are 118 bits. */
export function newPassword(): string {
  const picked: string[] = [];
  while (picked.length < 24) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < letters.length * 8) {
      picked.push(letters[byte % letters.length] ?? '');
    }
  }
  return (picked.join('').match(/.{6}/g) ?? []).join('-');
}

const connectionsQuery = queryOptions({
  queryKey: ['people', 'connections'],
  queryFn: async ({ signal }): Promise<Connection[]> => {
    const connections: Connection[] = [];
    for (let cursor = ''; ; ) {
      const page = await call(() => client.api.GET('/api/v1/socket/connections', { params: { query: { limit: 200, ...(cursor && { cursor }) } }, signal }));
      connections.push(...page.data);
      cursor = page.pagination.next_cursor;
      if (!cursor || connections.length >= 1000) {
        return connections;
      }
    }
  },
  refetchOnMount: 'always',
  refetchInterval: 5000, // ms: no event tells of them
});

/** Who is connected to the server that answers, a thousand at most. */
export function useConnections() {
  return useQuery(connectionsQuery);
}

export async function endConnections(user: string): Promise<void> {
  await call(() => client.api.POST('/api/v1/socket/disconnect/{user}', { params: { path: { user } } }));
  await queries.invalidateQueries({ queryKey: connectionsQuery.queryKey });
}

/** Whom an announcement is for: everyone, a role, or those who watch an episode. */
export type Audience = 'all' | `role:${Role}` | `watchers:episode:${string}`;

export async function announce(message: string, audience: Audience, urgent: boolean): Promise<void> {
  const episode = /^watchers:episode:(.+)$/.exec(audience)?.[1];
  const body = { user_id: audience, type: 'announcement', message, priority: urgent ? ('urgent' as const) : ('normal' as const), ...(episode && { resource_type: 'episode', resource_id: episode }) };
  await call(() => client.api.POST('/api/v1/notifications', { body }));
}

/** Episodes whose title has these words in it, a few. */
export function useFoundEpisodes(q: string) {
  return useQuery({
    queryKey: ['people', 'found-episodes', q],
    queryFn: async ({ signal }) => {
      const { data } = await call(() => client.api.GET('/api/v1/episodes', { params: { query: { q, limit: 20 } }, signal }));
      return data;
    },
    staleTime: 30_000, // ms
    enabled: q !== '',
  });
}
