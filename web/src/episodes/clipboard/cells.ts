import { date, list, readDay, text } from '../../text';
import { clipboardText } from '../../text/clipboard';
import { statuses } from '../../ui';
import type { ColumnId } from '../address';
import { complaint } from '../complaint';
import type { Episode, Patch } from '../store/episode';
import { inert } from './tsv';

// What the cells of an episode are in a spreadsheet, and what of a spreadsheet is understood. Nothing is guessed.

/** What can be pasted into: columns of the table, and fields that have none. */
export const targets = ['number', 'season', 'episode', 'title', 'status', 'air_date', 'categories', 'description'] as const;
export type Target = (typeof targets)[number];

export const isTarget = (column: string): column is Target => targets.some((one) => one === column);

export const nameOf = (column: Target | ColumnId): string => (column in clipboardText.names ? clipboardText.names[column as keyof typeof clipboardText.names] : text.episodes.columnNames[column as ColumnId]);

/** The columns that are copied: all but who looks at the episode. */
export const isCopied = (column: ColumnId): boolean => column !== 'looking';

/** What a cell of the table is in a spreadsheet. Dates are as every spreadsheet knows them. */
export function cellOf(episode: Episode, column: ColumnId, showTitle: (id: string) => string): string {
  switch (column) {
    case 'number':
      return text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
    case 'title':
      return inert(episode.title);
    case 'show':
      return episode.show_id === null ? '' : inert(showTitle(episode.show_id));
    case 'status':
      return text.status[episode.status];
    case 'air_date':
      return episode.air_date ?? '';
    case 'categories':
      return inert(episode.categories.join(', '));
    case 'changed':
      return episode.updated_at;
    case 'created':
      return episode.created_at;
    case 'version':
      return String(episode.version);
    case 'looking':
      return '';
  }
}

/** What a cell says of an episode, or why that is not understood. */
export type Read = { patch: Patch } | { why: string };

export function readCell(target: Target, cell: string, today: string): Read {
  const read = reading(target, cell.trim(), today);
  const why = 'patch' in read ? complaint(read.patch) : undefined;
  return why === undefined ? read : { why };
}

function reading(target: Target, words: string, today: string): Read {
  switch (target) {
    case 'title':
      return words.includes('\n') ? { why: clipboardText.oneLine } : { patch: { title: words } };
    case 'description':
      return { patch: { description: words || null } };
    case 'categories':
      return { patch: { categories: [...new Set(words.split(/[,;\n]/).map((name) => name.trim()).filter(Boolean))] } };
    case 'status': {
      const status = statuses.find((one) => text.status[one].toLowerCase() === words.toLowerCase());
      return status ? { patch: { status } } : { why: clipboardText.noStatus({ names: list(statuses.map((one) => text.status[one])) }) };
    }
    case 'air_date':
      return readAirDate(words, today);
    case 'season':
    case 'episode': {
      const field = `${target}_number` as const;
      return /^\d*$/.test(words) ? { patch: { [field]: words === '' ? null : Number(words) } } : { why: text.edits.wholeNumberOnly };
    }
    case 'number': {
      const found = /^(?:s\s*(\d+))?\s*(?:e\s*(\d+))?$/i.exec(words);
      const number = (digits: string | undefined): number | null => (digits === undefined ? null : Number(digits));
      return found ? { patch: { season_number: number(found[1]), episode_number: number(found[2]) } } : { why: clipboardText.noNumber };
    }
  }
}

function readAirDate(words: string, today: string): Read {
  const day = words.toLowerCase() === text.episodes.noDate.toLowerCase() ? null : readDay(words, today);
  if (Array.isArray(day)) {
    const [first, second] = day as [string, string];
    return { why: clipboardText.ambiguous({ first: date(first, ''), second: date(second, ''), written: first }) };
  }
  return day === undefined ? { why: clipboardText.noDay } : { patch: { air_date: day as string | null } };
}
