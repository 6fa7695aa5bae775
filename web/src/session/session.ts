import type { Me } from 'callboard';
import { create } from 'zustand';

import { client, onSignedOut, pageIsOf, queries } from '../client';

interface Session {
  /** Who is signed in; undefined until that is known. */
  me: Me | undefined;
  /** Set while the session has ended under an open page: somebody has to sign in again. */
  over: boolean;
}

export const useSession = create<Session>(() => ({ me: undefined, over: false }));

useSession.subscribe(({ me }) => pageIsOf(me?.id));

let waiting: ((again: boolean) => void)[] = [];

/**
 * Signs in. Resolves to undefined when the page is somebody else's, who was signed in before: it has to be loaded anew. What waits on it stays on
 * the device, for whoever it is of.
 */
export async function signIn(email: string, password: string, code = ''): Promise<Me | undefined> {
  const { id } = await client.auth.login(email, password, { code });
  const before = useSession.getState().me;
  return before && before.id !== id ? undefined : client.auth.me();
}

/** Somebody has signed in: what waited for it goes on. */
export function signedIn(me: Me): void {
  useSession.setState({ me, over: false });
  waiting.forEach((resolve) => resolve(true));
  waiting = [];
}

/** The session has ended, or somebody else has signed in with this browser. Resolves to true once the user has signed in again. */
export function sessionOver(): Promise<boolean> {
  if (useSession.getState().me === undefined) {
    return Promise.resolve(false); // nobody had signed in: the gate is next
  }
  useSession.setState({ over: true });
  return new Promise((resolve) => {
    waiting.push(resolve);
  });
}

onSignedOut(sessionOver);

/** Reads anew who is signed in. With another role all else is read anew, too: the shell says so. */
export async function refreshMe(): Promise<void> {
  const before = useSession.getState().me;
  const me = await client.auth.me();
  useSession.setState({ me });
  if (before?.id === me.id && before.role !== me.role) {
    void queries.invalidateQueries();
  }
}

/** Who is signed in. Below the shell somebody always is. */
export function useMe(): Me {
  const me = useSession((session) => session.me);
  if (!me) {
    throw new Error('nobody is signed in');
  }
  return me;
}

/** Whether whoever is signed in may change the production: viewers may not. */
export function useMayEdit(): boolean {
  return useSession((session) => session.me !== undefined && session.me.role !== 'viewer');
}

// Asked once for a load: every time on the page needs it, and asking takes 0.2 ms, a sixth of all until the rows are there.
const zoneOfBrowser = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** The zone of the account, or the browser's while the account has the default. */
export function zoneOf(me: Me | undefined): string {
  return me?.timeZone && me.timeZone !== 'UTC' ? me.timeZone : zoneOfBrowser;
}

export function useZone(): string {
  return useSession((session) => zoneOf(session.me));
}
