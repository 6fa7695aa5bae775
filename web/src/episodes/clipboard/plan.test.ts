import { describe, expect, it } from 'vitest';

import type { Episode, Patch } from '../store/episode';
import { cellOf, readCell } from './cells';
import { inOrder, namedColumns, planOf } from './plan';
import { bare } from './tsv';

const today = '2026-11-26';
const columns = ['number', 'title', 'show', 'status', 'air_date', 'categories'] as const;

let made = 0;
const episodeOf = (fields: Partial<Episode> = {}): Episode => ({
  id: `id-${++made}`, title: 'Low Water', description: null, status: 'draft', show_id: 'show', season_number: 1, episode_number: made, air_date: '2026-12-04', categories: ['Drama'],
  thumbnail_url: null, version: 3, created_at: '', created_by: '', created_by_name: null, updated_at: '', ...fields,
});

describe('a cell', () => {
  const read = (target: Parameters<typeof readCell>[0], cell: string) => readCell(target, cell, today);

  it('is read as what it is a column of', () => {
    expect(read('status', ' published ')).toEqual({ patch: { status: 'published' } });
    expect(read('air_date', '4 Dec 2026')).toEqual({ patch: { air_date: '2026-12-04' } });
    expect(read('number', 's01 e04')).toEqual({ patch: { season_number: 1, episode_number: 4 } });
    expect(read('number', 'E7')).toEqual({ patch: { season_number: null, episode_number: 7 } });
    expect(read('episode', '7')).toEqual({ patch: { episode_number: 7 } });
    expect(read('categories', 'Drama; Sea,Drama')).toEqual({ patch: { categories: ['Drama', 'Sea'] } });
    expect(read('description', 'One.\n\nTwo.')).toEqual({ patch: { description: 'One.\n\nTwo.' } });
  });

  it('clears what may be empty', () => {
    expect(read('air_date', '')).toEqual({ patch: { air_date: null } });
    expect(read('air_date', 'No date')).toEqual({ patch: { air_date: null } });
    expect(read('number', '')).toEqual({ patch: { season_number: null, episode_number: null } });
    expect(read('description', '')).toEqual({ patch: { description: null } });
  });

  it('is refused in words where it is not understood', () => {
    expect(read('title', '')).toEqual({ why: 'The title must not be empty.' });
    expect(read('title', 'a\nb')).toEqual({ why: 'A title has one line.' });
    expect(read('status', 'done')).toEqual({ why: 'That is not a status. The statuses are Draft, Pending, Approved, Rejected, Published and Archived.' });
    expect(read('air_date', '4/5/2026')).toEqual({ why: 'That may be 4 May 2026 or 5 Apr 2026. Write it as 2026-05-04.' });
    expect(read('air_date', 'soon')).toEqual({ why: 'That is not a date. Write it as 2026-12-04.' });
    expect(read('number', '4')).toEqual({ why: 'That is not an episode number. Write it as S1 E4.' });
    expect(read('season', '99999')).toEqual({ why: 'Season is a whole number from 0 to 9,999.' });
  });

  it('comes back as it was copied', () => {
    const episode = episodeOf({ title: '=Sum', air_date: null, season_number: null, categories: ['Sea', 'Drama'] });
    const back = (['number', 'title', 'status', 'air_date', 'categories'] as const).map((column) => readCell(column, bare(cellOf(episode, column, () => '')), today));
    const all = back.reduce<Episode>((before, one) => ({ ...before, ...('patch' in one ? (one.patch as Partial<Episode>) : {}) }), episode);
    expect(back.every((one) => 'patch' in one)).toBe(true);
    expect(all).toEqual(episode);
  });
});

describe('what is pasted', () => {
  const place = { columns, today, fill: false };

  it('goes into rows and columns from the cursor on', () => {
    const episodes = [episodeOf(), episodeOf(), episodeOf()];
    const plan = planOf([['Draft', '2026-12-05'], ['Approved', '4/5/2026'], ['Pending']], { ...place, episodes, into: 'status' });
    expect(plan.lines.map(({ began, patch }) => [began.id, patch])).toEqual([[episodes[0]?.id, { air_date: '2026-12-05' }], [episodes[1]?.id, { status: 'approved' }], [episodes[2]?.id, { status: 'pending' }]]);
    expect(plan.leftOut).toEqual([{ line: 2, target: 'air_date', cell: '4/5/2026', why: expect.stringContaining('4 May 2026 or 5 Apr 2026') as string }]);
    expect(plan).toMatchObject({ into: 3, same: 1, beyond: 0, readOnly: [], tooWide: false });
  });

  it('is no formula to the spreadsheet, and here what it was', () => {
    expect(planOf([["'=1+1"]], { ...place, episodes: [episodeOf()], into: 'title' }).lines[0]?.patch).toEqual({ title: '=1+1' });
  });

  it('says what has no place', () => {
    const plan = planOf([['New', 'A Show', 'Draft', '', 'Sea', 'behind'], ['no row']], { ...place, episodes: [episodeOf()], into: 'title' });
    expect(plan.lines[0]?.patch).toEqual({ title: 'New', air_date: null, categories: ['Sea'] });
    expect(plan).toMatchObject({ into: 1, beyond: 1, readOnly: ['Show'], tooWide: true, same: 1 });
    const gone = planOf([['New']], { ...place, episodes: [episodeOf({ deleted_at: '2026-01-01' })], into: 'title' });
    expect(gone).toMatchObject({ lines: [], leftOut: [{ why: 'This episode is deleted.' }] });
  });

  it('goes by the names of its first line', () => {
    const rows = [['Season', 'title', 'Description', 'Version'], ['2', 'New', 'a\nb', '3']];
    expect(namedColumns(rows)).toEqual(['season', 'title', 'description', 'version']);
    expect(planOf(rows, { ...place, episodes: [episodeOf()], into: 'names' }).lines[0]?.patch).toEqual({ season_number: 2, title: 'New', description: 'a\nb' });
    const mixed = [['Ep', 'Title', 'Status', 'Length'], ['4', 'New', 'Pending', '42 min']];
    expect(namedColumns(mixed)).toEqual(['episode', 'title', 'status', undefined]);
    const plan = planOf(mixed, { ...place, episodes: [episodeOf()], into: 'names' });
    expect(plan.lines[0]?.patch).toEqual({ episode_number: 4, title: 'New', status: 'pending' });
    expect(plan).toMatchObject({ unknown: ['Length'], tooWide: false });
    expect(planOf([['Title', '', 'Status'], ['New', 'x', 'Draft', 'behind']], { ...place, episodes: [episodeOf()], into: 'names' })).toMatchObject({ unknown: [], tooWide: true });
    expect(namedColumns([['Title', 'Notes'], ['a', 'b']])).toBeUndefined();
    expect(namedColumns([['Title', 'Title', 'Status'], ['a', 'b', 'c']])).toBeUndefined();
    expect(namedColumns([['Title', 'Title'], ['a', 'b']])).toBeUndefined();
    expect(namedColumns([['Title']])).toBeUndefined();
  });

  it('goes into every selected row when it is one line', () => {
    const episodes = [episodeOf(), episodeOf({ status: 'pending' })];
    const plan = planOf([['Pending']], { ...place, episodes, into: 'status', fill: true });
    expect(plan.lines.map(({ patch }) => patch)).toEqual([{ status: 'pending' }]);
    expect(plan).toMatchObject({ into: 2, same: 1, beyond: 0 });
    expect(planOf([['nonsense']], { ...place, episodes, into: 'status', fill: true }).leftOut).toHaveLength(1);
  });

  it('gives a number up before another one takes it', () => {
    const [one, two, three] = [1, 2, 3].map((n) => episodeOf({ episode_number: n })) as [Episode, Episode, Episode];
    const change = (began: Episode, patch: Patch) => ({ began, patch });
    const changes = [change(one, { episode_number: 2 }), change(two, { episode_number: 3 }), change(three, { episode_number: 4 })];
    expect(inOrder(changes).map(({ began }) => began)).toEqual([three, two, one]);
    const circle = [change(one, { episode_number: 2 }), change(two, { episode_number: 1 })];
    expect(inOrder(circle)).toEqual(circle);
    expect(inOrder([change(one, { title: 'a' }), change(two, { title: 'b' })]).map(({ began }) => began)).toEqual([one, two]);
  });
});
