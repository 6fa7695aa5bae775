import { describe, expect, it } from 'vitest';

import { changed } from './api';
import { channelsOf, withChannels } from './preferences';
import { dayParts, nextSpan, toggleDay } from './quiet';
import { matches, placed, type Note } from './store/note';

function note(id: string, pos: number, fields: Partial<Note> = {}): Note {
  return {
    id, pos, user_id: 'ada', type: 'episode_updated', message: '', data: {}, priority: 'normal', actor_id: 'ben', actor_name: 'Ben', resource_type: 'episode', resource_id: 'e',
    event_id: id, count: 1, read_at: undefined, archived_at: undefined, created_at: '2026-11-26T12:00:00Z', ...fields,
  };
}

const all = { show: 'all', type: '' } as const;
const unread = { show: 'unread', type: '' } as const;

describe('the place of a note', () => {
  const read = '2026-11-26T13:00:00Z';
  const find = (...some: Note[]) => (id: string) => some.find((one) => one.id === id);

  it('is by its newest event, also when that has just joined it', () => {
    expect(placed(all, ['b', 'a'], false, ['a', 'c'], find(note('a', 9), note('b', 5), note('c', 7)))).toEqual(['a', 'c', 'b']);
  });

  it('stays when the note was read meanwhile, and is none once it is archived', () => {
    const some = find(note('a', 9, { read_at: read }), note('b', 5, { read_at: read, archived_at: read }));
    expect(placed(unread, ['a', 'b'], false, ['a', 'b'], some)).toEqual(['a']);
    expect(placed(unread, [], false, ['a'], some)).toEqual([]);
    expect(placed({ show: 'archived', type: '' }, [], false, ['a', 'b'], some)).toEqual(['b']);
  });

  it('is left to the next page below what was read', () => {
    expect(placed(all, ['a'], true, ['b'], find(note('a', 9), note('b', 5)))).toEqual(['a']);
  });

  it('is in the lists of its type alone', () => {
    expect(matches({ show: 'all', type: 'job_failed' }, note('a', 1))).toBe(false);
    expect(matches({ show: 'all', type: 'episode_updated' }, note('a', 1))).toBe(true);
  });
});

describe('a change of a note', () => {
  it('reads what it archives, and brings back what becomes unread', () => {
    const now = '2026-11-26T13:00:00Z';
    expect(changed(note('a', 1), 'archive', now)).toEqual({ read_at: now, archived_at: now });
    expect(changed(note('a', 1, { read_at: now, archived_at: now }), 'unread', now)).toEqual({ read_at: undefined, archived_at: undefined });
    expect(changed(note('a', 1, { read_at: now, archived_at: now }), 'unarchive', now)).toEqual({ read_at: now, archived_at: undefined });
  });
});

describe('quiet hours', () => {
  const berlin = { start: '20:00', end: '07:00', time_zone: 'Europe/Berlin', days: ['mon', 'tue', 'wed', 'thu', 'fri'] };
  const span = (now: string, hours = berlin) => {
    const next = nextSpan(hours, Date.parse(now));
    return next === 'always' ? next : { from: new Date(next.from).toISOString(), until: new Date(next.until).toISOString(), now: next.now };
  };

  it('begin tonight and end tomorrow', () => {
    expect(span('2026-11-24T12:00:00Z')).toEqual({ from: '2026-11-24T19:00:00.000Z', until: '2026-11-25T06:00:00.000Z', now: false });
  });

  it('of yesterday reach into this morning, also into one that has none of its own', () => {
    expect(span('2026-11-28T05:59:00Z')).toEqual({ from: '2026-11-27T19:00:00.000Z', until: '2026-11-28T06:00:00.000Z', now: true });
    expect(span('2026-11-28T06:00:00Z')).toMatchObject({ from: '2026-11-30T19:00:00.000Z', now: false });
  });

  it('keep to the clock when that changes', () => {
    expect(span('2026-10-24T20:00:00Z', { ...berlin, days: ['sat'] })).toMatchObject({ from: '2026-10-24T18:00:00.000Z', until: '2026-10-25T06:00:00.000Z' });
  });

  it('of a whole day are always', () => {
    expect(span('2026-11-24T12:00:00Z', { ...berlin, end: '20:00', days: [] })).toBe('always');
  });

  it('are one part of the day, or two over midnight', () => {
    expect(dayParts({ start: '20:00', end: '07:00' })).toEqual([{ from: 0, to: 420 }, { from: 1200, to: 1440 }]);
    expect(dayParts({ start: '12:00', end: '13:00' })).toEqual([{ from: 720, to: 780 }]);
  });

  it('have one day at least, and all of them are not named', () => {
    expect(toggleDay([], 'sun')).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sat']);
    expect(toggleDay(['mon'], 'mon')).toEqual(['mon']);
    expect(toggleDay(['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], 'sun')).toEqual([]);
  });
});

describe('preferences', () => {
  it('name what is not as it is by itself', () => {
    expect(channelsOf({ types: {} }, 'x')).toEqual({ in_app: true, live: true });
    const off = withChannels({}, 'x', { in_app: true, live: false });
    expect(off).toEqual({ x: { in_app: true, live: false } });
    expect(withChannels(off, 'x', { in_app: true, live: true })).toEqual({});
  });
});
