import { useInfiniteQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';
import { useMemo } from 'react';

import { call, client, problemWords, serverNow } from '../client';
import { text } from '../text';
import { inboxText } from '../text/inbox';
import { toast, undoable } from '../ui';
import type { InboxFilter } from './address';
import { inboxQuery, loadedIds, place, showRead } from './store/lists';
import { notes, type Note } from './store/note';

export type Change = Exclude<Schemas['NotificationChangeInputBody']['change'], 'delete'>;

/** A list of the inbox as far as it was read. */
export function useInbox(filter: InboxFilter) {
  const query = useInfiniteQuery(inboxQuery(filter));
  const ids = useMemo(() => (query.data ? loadedIds(query.data) : undefined), [query.data]);
  return { ...query, ids };
}

/** What a change makes of a note. */
export function changed(note: Note, change: Change, now: string): Pick<Note, 'read_at' | 'archived_at'> {
  const read_at = note.read_at ?? now;
  switch (change) {
    case 'read':
      return { read_at, archived_at: note.archived_at };
    case 'unread':
      return { read_at: undefined, archived_at: undefined };
    case 'archive':
      return { read_at, archived_at: note.archived_at ?? now };
    case 'unarchive':
      return { read_at, archived_at: undefined };
  }
}

const atOnce = 200; // as many as the server takes

async function send(change: Change, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += atOnce) {
    await call(() => client.api.POST('/api/v1/notifications/change', { body: { change, ids: ids.slice(from, from + atOnce) } }));
  }
}

/** Changes notes. It shows at once, and goes back when it is refused. Rejects then. */
async function changeNotes(change: Change, ids: readonly string[]): Promise<void> {
  const now = new Date(serverNow()).toISOString();
  const after = ids.flatMap((id) => {
    const note = notes.get(id);
    return note ? [{ id, fields: changed(note, change, now) }] : [];
  });
  const edits = after.map(({ id, fields }) => notes.edit(id, fields));
  place(ids);
  try {
    await send(change, ids);
    for (const { id, fields } of after) {
      const saved = notes.saved(id);
      if (saved) {
        notes.put({ ...saved, ...fields });
      }
    }
  } finally {
    edits.forEach((done) => done());
    place(ids);
  }
}

/** Marks notes as read or as unread. */
export async function mark(change: 'read' | 'unread', ids: readonly string[]): Promise<void> {
  const toChange = ids.filter((id) => {
    const note = notes.get(id);
    return note && (note.read_at === undefined) === (change === 'read');
  });
  if (toChange.length > 0) {
    await changeNotes(change, toChange).catch(refused);
  }
}

/** Moves notes out of the inbox, or back. It can be undone. */
export const move = undoable(async (change: 'archive' | 'unarchive', ids: readonly string[]): Promise<void> => {
  const unread = ids.filter((id) => notes.get(id)?.read_at === undefined);
  const rest = ids.filter((id) => !unread.includes(id));
  try {
    await changeNotes(change, ids);
  } catch (error) {
    refused(error);
    return;
  }
  const back = async (): Promise<void> => {
    const groups: [Change, readonly string[]][] = change === 'archive' ? [['unread', unread], ['unarchive', rest]] : [['archive', ids]];
    for (const [how, some] of groups) {
      if (some.length > 0) {
        await inWords(changeNotes(how, some));
      }
    }
  };
  toast({ words: change === 'archive' ? inboxText.archived({ n: ids.length }) : inboxText.unarchived({ n: ids.length }), undo: back });
});

const mostUnread = 1000; // as far as the server counts

/** All unread notes, up to the newest thousand. */
async function allUnread(): Promise<Schemas['Notification'][]> {
  const found: Schemas['Notification'][] = [];
  for (let cursor = ''; found.length < mostUnread; ) {
    const query = { unread: true, limit: 200, ...(cursor && { cursor }) };
    const page = await call(() => client.api.GET('/api/v1/notifications', { params: { query } }));
    found.push(...page.data);
    cursor = page.pagination.next_cursor;
    if (!cursor) {
      break;
    }
  }
  return found;
}

/** Marks all as read that had come when it was asked for. It can be undone. */
export const readAll = undoable(async (): Promise<void> => {
  try {
    const unread = await allUnread();
    const newest = unread[0];
    if (!newest) {
      toast({ words: inboxText.nothingToRead });
      return;
    }
    const { data } = await call(() => client.api.POST('/api/v1/notifications/read-all', { body: { up_to_pos: newest.pos } }));
    const ids = unread.map(({ id }) => id);
    showRead(newest.pos);
    toast({
      words: inboxText.allRead({ n: data.marked }),
      ...(data.marked > ids.length && { more: inboxText.undoneOnly({ n: ids.length }) }),
      undo: async () => {
        await inWords(send('unread', ids));
        show(ids, undefined);
      },
    });
  } catch (error) {
    refused(error);
  }
});

/** Shows notes as read, or as unread, once the server has them so. */
function show(ids: readonly string[], read_at: string | undefined): void {
  for (const id of ids) {
    const saved = notes.saved(id);
    if (saved) {
      notes.put({ ...saved, read_at });
    }
  }
}

/** Marks as read what is unread about an episode and its files, since somebody has come to it. */
export async function readAbout(episodeId: string): Promise<void> {
  try {
    const ids = (await allUnread()).flatMap((note) => (episodeOf(note) === episodeId ? [note.id] : []));
    if (ids.length > 0) {
      await send('read', ids);
      show(ids, new Date(serverNow()).toISOString());
    }
  } catch {
    // they stay unread, which the next visit mends
  }
}

/** The episode that a note is about; undefined when it is about none. */
export function episodeOf({ type, resource_type, resource_id, data }: Pick<Note, 'type' | 'resource_type' | 'resource_id'> & { data: unknown }): string | undefined {
  if (resource_type === 'episode') {
    return resource_id || undefined;
  }
  const { episode_id: id } = (data ?? {}) as { episode_id?: unknown };
  return type.startsWith('file_') && typeof id === 'string' ? id : undefined;
}

export async function setWatching(type: string, id: string, watching: boolean): Promise<void> {
  const params = { path: { type, id } };
  await inWords(watching ? call(() => client.api.PUT('/api/v1/watches/{type}/{id}', { params })) : call(() => client.api.DELETE('/api/v1/watches/{type}/{id}', { params })));
}

/** Rejects with the words for what a call was refused with. */
export async function inWords(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    throw new Error(problemWords(error), { cause: error });
  }
}

function refused(error: unknown): void {
  toast({ look: 'bad', words: text.failed.notSaved, more: problemWords(error) });
}
