import type { Schemas } from 'callboard';

import { Records } from '../../live';
import type { InboxFilter } from '../address';

type Wire = Schemas['Notification'];

/** An entry of the inbox. */
export type Note = Omit<Wire, 'data' | 'read_at' | 'archived_at'> & { data: Record<string, unknown>; read_at: string | undefined; archived_at: string | undefined };

/** All notes that were read, each once. Lists hold their ids. */
export const notes = new Records<Note>();

/** Takes a note as the server has it, unless more events have joined it already. */
export function putNote(wire: Wire): void {
  const { read_at, archived_at } = wire;
  if ((notes.saved(wire.id)?.pos ?? 0) <= wire.pos) {
    notes.put({ ...wire, data: wire.data as Record<string, unknown>, read_at, archived_at });
  }
}

/** Whether a list holds a note. */
export function matches({ show, type }: InboxFilter, note: Note): boolean {
  return (note.archived_at !== undefined) === (show === 'archived') && (show !== 'unread' || note.read_at === undefined) && (type === '' || note.type === type);
}

/**
 * Returns a list with some notes where they belong, the newest first. Those that are in it stay in it although they were read meanwhile; what is
 * archived, or back from there, leaves. What belongs below the part that was read comes with the next page.
 */
export function placed(filter: InboxFilter, ids: readonly string[], more: boolean, some: readonly string[], find: (id: string) => Note | undefined): readonly string[] {
  const known = new Set(ids);
  const lastPos = find(ids.at(-1) ?? '')?.pos ?? 0;
  const stays = (id: string): boolean => {
    const note = find(id);
    return note !== undefined && (note.archived_at !== undefined) === (filter.show === 'archived');
  };
  const comes = (id: string): boolean => {
    const note = find(id);
    return note !== undefined && matches(filter, note) && (!more || note.pos >= lastPos);
  };
  const moving = some.filter((id) => (known.has(id) ? stays(id) : comes(id)));
  const rest = ids.filter((id) => !some.includes(id));
  return moving
    .sort((a, b) => posOf(b, find) - posOf(a, find))
    .reduce<readonly string[]>((list, id) => {
      const at = list.findIndex((other) => posOf(other, find) < posOf(id, find));
      return at < 0 ? [...list, id] : list.toSpliced(at, 0, id);
    }, rest);
}

const posOf = (id: string, find: (id: string) => Note | undefined): number => find(id)?.pos ?? 0;
