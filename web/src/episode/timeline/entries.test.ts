import { describe, expect, it } from 'vitest';

import { byDay, entryOf, fold, type Entry } from './entries';

const minute = 60_000;

function changed(id: string, at: number, by: string, changes: Record<string, [unknown, unknown]>): Entry {
  return { id, at, sort: 'fields', by: { id: by, name: by }, verb: 'changed', changes: Object.entries(changes).map(([field, [old, now]]) => ({ field, old, new: now })) };
}

describe('the timeline', () => {
  it('has what one person did in a row as one entry', () => {
    const folded = fold([
      changed('1', 0, 'mira', { title: ['a', 'b'], air_date: [null, '2026-12-04'] }),
      changed('2', 4 * minute, 'mira', { title: ['b', 'c'], air_date: ['2026-12-04', '2026-12-05'] }),
      changed('3', 5 * minute, 'ben', { title: ['c', 'd'] }),
      changed('4', 20 * minute, 'ben', { title: ['d', 'e'] }),
    ]);
    expect(folded.map(({ id }) => id)).toEqual(['4', '3', '2']);
    expect(folded[2]?.changes).toEqual([
      { field: 'title', old: 'a', new: 'c' },
      { field: 'air_date', old: null, new: '2026-12-05' },
    ]);
  });

  it('shows no difference of what was changed back within a run', () => {
    const there = changed('1', 0, 'mira', { air_date: ['2026-12-06', '2026-12-04'], categories: [['Sea'], []] });
    const andBack = changed('2', minute, 'mira', { air_date: ['2026-12-04', '2026-12-06'], categories: [[], ['Sea']] });
    expect(fold([there, andBack])).toMatchObject([{ id: '2', changes: [], back: ['air_date', 'categories'] }]);
    expect(fold([there, andBack, changed('3', 2 * minute, 'mira', { title: ['a', 'b'] })])).toMatchObject([{ id: '3', changes: [{ field: 'title' }], back: ['air_date', 'categories'] }]);
    expect(fold([there, changed('2', 9 * minute, 'mira', { air_date: ['2026-12-04', '2026-12-06'] })]).map(({ changes }) => changes.length)).toEqual([1, 2]);
  });

  it('knows the entries of the log', () => {
    const view = {
      id: 'e', pos: 1, user_id: 'u', user_name: 'Mira', action: 'updated_episode', source: 'callboard', resource_type: 'episode', resource_id: 'x', resource_name: 'X',
      metadata: { changes: { title: { old: 'a', new: 'b' } } }, created_at: '2026-11-26T10:00:00Z',
    } as const;
    expect(entryOf(view)).toMatchObject({ verb: 'changed', sort: 'fields', changes: [{ field: 'title', old: 'a', new: 'b' }] });
    expect(entryOf({ ...view, action: 'deleted_file', resource_type: 'file', resource_name: 'still.jpg' })).toMatchObject({ verb: 'removed', sort: 'files', name: 'still.jpg' });
    expect(entryOf({ ...view, action: 'signed_in' })).toBeUndefined();
  });

  it('goes by days', () => {
    const entries = [changed('2', 1, 'a', {}), changed('1', 0, 'a', {})];
    expect(byDay(entries, (at) => (at > 0 ? 'today' : 'before')).map(([day, all]) => [day, all.length])).toEqual([['today', 1], ['before', 1]]);
  });
});
