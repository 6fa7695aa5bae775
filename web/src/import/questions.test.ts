import { CallboardError } from 'callboard';
import { expect, it } from 'vitest';

import { readSearch } from '../address';
import { addressOf, importParams, requestOf } from './address';
import type { Layout } from './api';
import { fieldIn, hasNoSeason, openIn, questionOf, withoutOrders } from './questions';

const refusal = (field: string, message: string) => new CallboardError(422, 'the input is not valid', { errors: [{ field, message }] });

const layout: Layout = { format: 'csv', header: 1, columns: [], notes: [] };
const plan = { rows: 2, created: 0, updated: 0, unchanged: 0, refused: 2, skipped: 0, shows: [], show_count: 0, problems: [], layout };

it.each([
  ['no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, out of: #1 "a"; #2 "b"', 'no column is known to hold the titles: #1 "a"; #2 "b"'],
  ['column 1 ("a") looks like numbers of episodes, and no column is known to hold them; say so with episode_number=#1, or that there are none with episode_number=', 'column 1 ("a") looks like numbers of episodes, and no column is known to hold them'],
  ['column 1 ("a") holds "x" in all rows, which can be the show, but not the title of each episode; say which column holds the titles, or title=#1 if this does', 'column 1 ("a") holds "x" in all rows, which can be the show, but not the title of each episode'],
  ['column 1 and column 2 can both be title, and nothing decides; choose one with a mapping, such as title=#1', 'column 1 and column 2 can both be title, and nothing decides'],
])('leaves out of a question what only callers of the API can do: %s', (words, said) => {
  expect(withoutOrders(words)).toBe(said);
});

it('knows whether new episodes get no season', () => {
  const column = { name: 'Title', position: 1, samples: [], why: 'by name', field: 'title' };
  expect(hasNoSeason({ ...layout, columns: [column] })).toBe(true);
  expect(hasNoSeason({ ...layout, columns: [column, { ...column, field: 'season_number' }] })).toBe(false);
  expect(hasNoSeason({ ...layout, columns: [column], notes: ['the season is that of the worksheet, 2'] })).toBe(false);
});

it('makes a question of each refusal that an answer helps', () => {
  expect(questionOf(refusal('mapping.episode_number', 'column 1 ("Id") looks like numbers'))).toMatchObject({ kind: 'column', field: 'episode_number' });
  expect(questionOf(refusal('encoding', 'line 2 would be "éè" in windows-1252, "a \\"b\\"" in KOI8-R. Say which'))).toMatchObject({
    kind: 'encoding',
    readings: [
      { encoding: 'windows-1252', reading: 'éè' },
      { encoding: 'KOI8-R', reading: 'a "b"' },
    ],
  });
  expect(questionOf(refusal('sheet', 'the worksheets "A" and "B" can both hold the episodes'))).toMatchObject({ kind: 'sheet' });
  expect(questionOf(new CallboardError(422, 'the file is a PDF', {}))).toBeUndefined();
});

it('finds what a plan leaves open', () => {
  const words = 'column 3 ("Air Date"): "03/04/1985" can mean 1985-04-03 or 1985-03-04, and no date of the column tells which; choose day-first or month-first';
  expect(openIn({ ...plan, layout: { ...layout, notes: [words] } })).toEqual([{ kind: 'dates', orders: ['day-first', 'month-first'], words }]);
  expect(openIn({ ...plan, layout: { ...layout, notes: [words], date_order: 'day-first' } })).toEqual([]);
  expect(openIn({ ...plan, problems: [{ line: 2, outcome: 'refused', reason: 'show is "The Office", while "X" is imported into' }] })).toMatchObject([{ kind: 'show' }]);
});

it('goes on from the address, and from the arguments of a job', () => {
  const args = { file_id: 'f1', show_id: 's1', date_order: 'day-first' as const, mapping: { title: ['#1', '#3'], status: [] }, hidden_rows: true, dry_run: true };
  const address = readSearch(importParams, addressOf(args, 'j1').slice('/import'.length));
  expect(address).toMatchObject({ file: 'f1', check: 'j1', job: '', dates: 'day-first', map: args.mapping });
  const { dry_run, ...request } = args;
  expect(requestOf(address)).toEqual(request);
  expect(readSearch(importParams, '?map=%7B%22title%22%3A1%7D').map).toBeNull();
});

it('sets our name before what the server says of a field', () => {
  expect(fieldIn('air_date "soon" is not a date', { air_date: 'Air date' })).toEqual({ field: 'Air date', words: '"soon" is not a date' });
  expect(fieldIn('has 5 cells where the header has 4', { air_date: 'Air date' })).toEqual({ field: '', words: 'has 5 cells where the header has 4' });
});
