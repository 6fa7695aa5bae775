import { IconPencil } from '@tabler/icons-react';
import { CallboardError } from 'callboard';
import { useEffect } from 'react';
import { create } from 'zustand';

import { device, statusOf } from '../client';
import { useLamp } from '../live';
import { useSession } from '../session';
import { text } from '../text';
import { toast } from '../ui';
import { saveEpisode, type Saved } from './api';
import { episodes, type Episode, type Patch } from './store/episode';

/** A change of an episode that the server does not have yet. It is kept on the device until it has. */
export interface Kept {
  /** By which it is known; they are sent in this order. */
  key: string;
  /** The episode as it was when the edit began: what is saved goes by its version. */
  began: Episode;
  patch: Patch;
  /** Set while it is being sent for the first time: other tabs leave it alone. */
  sending?: true;
}

/** What came of a change: saved, in conflict, refused, or kept until the server can take it. */
export type Outcome = Saved | { is: 'kept' };

/** Why something waits: nobody answers, or the server cannot write. */
type Why = 'away' | 'cannot-write';

interface Waiting {
  /** What waits, oldest first. */
  edits: readonly Kept[];
  /** Why the last attempt has failed, and when the next one is, in milliseconds. */
  failed: { why: Why; nextAt: number } | undefined;
}

const useWaiting = create<Waiting>(() => ({ edits: [], failed: undefined }));

export const keptNow = (): readonly Kept[] => useWaiting.getState().edits;

/** What waits on this device. */
export const useKeptEdits = (): readonly Kept[] => useWaiting(({ edits }) => edits);

/** Whether a change of a field waits. */
export const useIsKept = (id: string, field: string): boolean => useWaiting(({ edits }) => edits.some(({ began, patch }) => began.id === id && field in patch));

/** Why it waits although the board is live. */
export const useWaits = (): Waiting['failed'] => useWaiting(({ failed }) => failed);

const pause = 10_000; // ms until what was not taken is sent again

/** What the names of all that waits on the device begin with. */
export const keptPrefix = 'callboard.kept.';

/** The same, for whoever is signed in. */
const prefix = (): string => `${keptPrefix}${useSession.getState().me?.id ?? ''}.`;

let made = 0;

function newKey(): string {
  made++;
  return `${prefix()}${String(Date.now()).padStart(15, '0')}.${String(made).padStart(6, '0')}.${Math.random().toString(36).slice(2, 8)}`;
}

/** What waits is shown on top of what the server has. */
const shown = new Map<string, () => void>();

function show(edits: readonly Kept[]): void {
  const keys = new Set(edits.map(({ key }) => key));
  for (const [key, done] of shown) {
    if (!keys.has(key)) {
      shown.delete(key);
      done();
    }
  }
  for (const { key, began, patch } of edits) {
    if (!shown.has(key)) {
      shown.set(key, episodes.edit(began.id, patch, { kept: true }));
    }
  }
  useWaiting.setState(({ failed }) => ({ edits, failed: edits.length > 0 ? failed : undefined }));
}

function write(edit: Kept): void {
  device.set(edit.key, JSON.stringify(edit));
}

function drop(key: string): void {
  device.remove(key);
  show(keptNow().filter((edit) => edit.key !== key));
}

function read(key: string): Kept | undefined {
  try {
    const edit = JSON.parse(device.get(key) ?? 'null') as Partial<Kept> | null;
    if (edit === null || (typeof edit.began?.id === 'string' && edit.patch !== null && typeof edit.patch === 'object')) {
      return (edit as Kept | null) ?? undefined;
    }
  } catch {
    // no JSON
  }
  device.remove(key); // of another version of the board
  return undefined;
}

/** Reads what is kept on the device, at first also what was on its way when the page was left. */
export function recall({ all }: { all: boolean }): void {
  const keys = device.keys(prefix());
  const edits = keys.sort().flatMap((key) => read(key) ?? []);
  if (all) {
    edits.filter((edit) => edit.sending).forEach((edit) => {
      delete edit.sending; // nobody waits for its answer any more: it waits as the others do
      write(edit);
    });
  }
  show(edits.filter((edit) => !edit.sending));
}

/** Has a change wait. One of the same fields takes the place of the one before, and its beginning. */
function wait(edit: Kept): void {
  const edits = keptNow();
  const before = edits.find(({ began, patch }) => began.id === edit.began.id && Object.keys(patch).some((field) => field in edit.patch));
  const waiting: Kept = before
    ? { key: before.key, began: before.began, patch: { ...before.patch, ...edit.patch } }
    : { key: edit.key, began: edit.began, patch: edit.patch };
  if (before) {
    shown.get(before.key)?.();
    shown.delete(before.key);
    device.remove(edit.key);
  }
  write(waiting);
  show([...edits.filter((other) => other !== before), waiting].sort((a, b) => (a.key < b.key ? -1 : 1)));
}

/**
 * Saves a change of an episode that somebody has typed. It is written down before it is sent, so that nothing is lost, whatever happens; when the
 * server is away, or cannot write, it waits, and is sent in its turn later.
 */
export async function saveEdit(began: Episode, patch: Patch): Promise<Outcome> {
  const edit: Kept = { key: newKey(), began, patch, sending: true };
  write(edit);
  const { edits, failed } = useWaiting.getState();
  if (edits.length > 0 || useLamp.getState().signal === 'offline') {
    wait(edit); // in its turn
    tell(edit, failed?.why ?? 'away');
    return { is: 'kept' };
  }
  const saved = await saveEpisode(began, patch);
  const why = saved.is === 'refused' ? passing(saved.error) : undefined;
  if (why) {
    wait(edit);
    tell(edit, why);
    again(why);
    return { is: 'kept' };
  }
  device.remove(edit.key);
  return saved;
}

/** Why something was not saved that may be later: nobody answered, or the server said so. */
function passing(error: unknown): Why | undefined {
  if (!(error instanceof CallboardError) || error.type.endsWith(':switched_off')) {
    return undefined;
  }
  const status = statusOf(error);
  return status === 503 ? 'cannot-write' : status === 0 || status === 502 || status === 504 ? 'away' : undefined;
}

/** Says that what was typed waits. What the server cannot write is said above the page, for as long as that lasts. */
function tell({ patch }: Kept, why: Why): void {
  if (why === 'away') {
    const [field = ''] = Object.keys(patch);
    const { title } = patch;
    const more = device.endsWithPage(prefix()) ? text.kept.keptByPage : title === undefined ? text.kept.keptHere : text.kept.keptValue({ value: title });
    toast({ look: 'news', icon: IconPencil, words: text.kept.notYet({ field: text.edits.fields[field] ?? text.edits.number }), more });
  }
}

let told: (edit: Kept, saved: Saved) => void = () => undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let sending = false;

/** Sends again after a pause. */
function again(why: Why): void {
  clearTimeout(timer);
  useWaiting.setState({ failed: { why, nextAt: Date.now() + pause } });
  timer = setTimeout(() => void sendKept(), pause);
}

/** Sends what waits, in order, until the server does not take it. */
export async function sendKept(): Promise<void> {
  if (sending || useLamp.getState().signal === 'offline') {
    return;
  }
  sending = true;
  clearTimeout(timer);
  try {
    // Two tabs that send the same do no harm, but they would do it twice; pages that are not secure have no locks.
    const { locks } = navigator as { locks?: LockManager | null };
    await (locks ? locks.request(`${prefix()}sending`, sendAll) : sendAll());
  } finally {
    sending = false;
  }
}

async function sendAll(): Promise<void> {
  recall({ all: false }); // another tab may have sent some
  for (let [edit] = keptNow(); edit; [edit] = keptNow()) {
    const saved = await saveEpisode(edit.began, edit.patch);
    const why = saved.is === 'refused' ? passing(saved.error) : undefined;
    if (why) {
      again(why);
      return;
    }
    drop(edit.key);
    told(edit, saved);
  }
}

/** Keeps what is not saved for whoever is signed in, and sends it as soon as the board is live. The handler hears what came of each. */
export function useKeeping(handler: (edit: Kept, saved: Saved) => void): void {
  const user = useSession(({ me }) => me?.id);
  useEffect(() => {
    told = handler;
  }, [handler]);
  useEffect(() => {
    recall({ all: true });
    const live = (): void => {
      if (useLamp.getState().signal === 'live' && keptNow().length > 0) {
        void sendKept();
      }
    };
    const elsewhere = ({ key }: StorageEvent): void => {
      if (key === null || key.startsWith(prefix())) {
        recall({ all: false });
      }
    };
    live();
    const stop = useLamp.subscribe(({ signal }, before) => signal !== before.signal && live());
    window.addEventListener('storage', elsewhere);
    return () => {
      stop();
      clearTimeout(timer);
      window.removeEventListener('storage', elsewhere);
    };
  }, [user]);
}
