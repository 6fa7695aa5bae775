import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client, queries } from '../client';
import { useSession } from '../session';

export type LoginSession = Schemas['AccountSession'];
export type Token = Schemas['AccountToken'];

const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }): Promise<LoginSession[]> => {
    const { data } = await call(() => client.api.GET('/api/v1/auth/sessions', { params: { query: { limit: 200 } }, signal }));
    return data;
  },
  refetchOnMount: 'always',
});

/** Where whoever is signed in is so, the newest first. */
export function useSessions() {
  return useQuery(sessionsQuery);
}

const tokensQuery = queryOptions({
  queryKey: ['me', 'tokens'],
  queryFn: async ({ signal }): Promise<Token[]> => {
    const tokens: Token[] = [];
    for (let cursor = ''; ; ) {
      const page = await call(() => client.api.GET('/api/v1/auth/tokens', { params: { query: { limit: 200, ...(cursor && { cursor }) } }, signal }));
      tokens.push(...page.data.filter(({ revoked_at }) => revoked_at === undefined));
      cursor = page.pagination.next_cursor;
      if (!cursor) {
        return tokens;
      }
    }
  },
  refetchOnMount: 'always',
});

/** The tokens that have not been revoked, the newest first. */
export function useTokens() {
  return useQuery(tokensQuery);
}

export async function saveProfile(change: { name?: string; time_zone?: string }): Promise<void> {
  await call(() => client.api.PATCH('/api/v1/auth/me', { body: change }));
  useSession.setState({ me: await client.auth.me() });
}

export async function changePassword(current: string, next: string): Promise<void> {
  await call(() => client.api.PUT('/api/v1/auth/password', { body: { current_password: current, new_password: next } }));
  await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}

export async function endSession(id: string): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } }));
  await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}

export async function endOtherSessions(): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/auth/sessions', { params: { query: { others: true } } }));
  await queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}

/** Makes a token, and returns it: it is told this once. */
export async function createToken(body: Schemas['AccountCreateTokenInputBody']): Promise<string> {
  const { data } = await call(() => client.api.POST('/api/v1/auth/tokens', { body }));
  void queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
  return data.token;
}

export async function revokeToken(id: string): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/auth/tokens/{id}', { params: { path: { id } } }));
  await queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
}

const factorQuery = queryOptions({
  queryKey: ['me', 'second-factor'],
  queryFn: async ({ signal }): Promise<Schemas['AccountSecondFactor']> => (await call(() => client.api.GET('/api/v1/auth/second-factor', { signal }))).data,
  refetchOnMount: 'always',
});

/** Whether signing in asks for a code, too. */
export function useSecondFactor() {
  return useQuery(factorQuery);
}

async function factorChanged(): Promise<void> {
  await Promise.all([factorQuery, sessionsQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey })));
}

/** Begins a second factor. Resolves to what an app has to know, which is told this once. */
export async function beginSecondFactor(password: string): Promise<Schemas['AccountEnrolment']> {
  return (await call(() => client.api.POST('/api/v1/auth/second-factor', { body: { current_password: password } }))).data;
}

/** Turns on what was begun. Resolves to the recovery codes, which are told this once. */
export async function confirmSecondFactor(code: string): Promise<string[]> {
  const { data } = await call(() => client.api.POST('/api/v1/auth/second-factor/confirm', { body: { code } }));
  await factorChanged();
  return data.recovery_codes;
}

export async function newRecoveryCodes(password: string): Promise<string[]> {
  const { data } = await call(() => client.api.POST('/api/v1/auth/second-factor/recovery-codes', { body: { current_password: password } }));
  await factorChanged();
  return data.recovery_codes;
}

export async function turnOffSecondFactor(password: string): Promise<void> {
  await call(() => client.api.POST('/api/v1/auth/second-factor/off', { body: { current_password: password } }));
  await factorChanged();
}
