// Copying from the table, and pasting what was copied in a spreadsheet.
import { count, list } from './format';

const cells = (n: number): string => count(n, 'cell', 'cells');

export const clipboardText = {
  /** Columns that the table does not have. */
  names: { season: 'Season', episode: 'Episode', description: 'Description' },
  /** What columns are called in sheets, too, in small letters. */
  alsoNamed: { 'no.': 'number', ep: 'episode', 'ep.': 'episode', 'episode number': 'episode', 'season number': 'season' } as const,

  copied: ({ n }: { n: number }) => `Copied ${count(n, 'episode', 'episodes')}`,
  copiedLoaded: 'Only those that are loaded; the rest is further down.',
  copiedCell: 'Copied',

  title: ({ n }: { n: number }) => `Paste into ${count(n, 'episode', 'episodes')}`,
  nothing: 'Nothing changes.',
  why: 'This is what changes. Nothing else is touched, and Undo takes all of it back.',
  into: 'Begin in column',
  byNames: 'By the names in the first line',
  was: 'Was',
  becomes: 'Becomes',
  field: 'Column',
  empty: 'none',
  change: ({ n }: { n: number }) => `Change ${cells(n)}`,
  notNow: 'Choose other cells, or another column',
  same: ({ n }: { n: number }) => `${count(n, 'cell has', 'cells have')} this value already.`,
  beyond: ({ n }: { n: number }) => `${count(n, 'line has', 'lines have')} no row here and ${n === 1 ? 'is' : 'are'} left out.`,
  readOnly: ({ columns }: { columns: string[] }) => `${list(columns)} cannot be pasted into and ${columns.length === 1 ? 'is' : 'are'} left out.`,
  unknown: ({ columns }: { columns: string[] }) => `${list(columns)} ${columns.length === 1 ? 'is no column' : 'are no columns'} here and ${columns.length === 1 ? 'is' : 'are'} not pasted.`,
  tooWide: 'Some cells are behind the last column and are left out.',
  tooMany: ({ most }: { most: string }) => `At most ${most} episodes are changed at once. Select fewer.`,
  notLoaded: 'Some of the selected are not loaded. Scroll down to them first, or select fewer.',
  deleted: 'This episode is deleted.',
  noRow: 'Put the cursor on a row first, or select some.',
  leftOut: ({ n }: { n: number }) => `${cells(n)} left out:`,
  leftOutCell: ({ line, column, cell }: { line: number; column: string; cell: string }) => `Line ${line}, ${column}${cell === '' ? '' : `, “${cell}”`}: `,
  applying: 'Changing',
  changed: ({ n, title }: { n: number; title: string }) => (n === 1 ? `Changed ${title}` : `Changed ${count(n, 'episode', 'episodes')}`),
  refusedWhy: 'What was refused is as it was. Why:',

  oneLine: 'A title has one line.',
  noStatus: ({ names }: { names: string }) => `That is not a status. The statuses are ${names}.`,
  noDay: 'That is not a date. Write it as 2026-12-04.',
  ambiguous: ({ first, second, written }: { first: string; second: string; written: string }) => `That may be ${first} or ${second}. Write it as ${written}.`,
  noNumber: 'That is not an episode number. Write it as S1 E4.',
};
