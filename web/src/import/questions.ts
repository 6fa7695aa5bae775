import { CallboardError, type ImportPlan } from 'callboard';

import { orders } from './address';

export type Order = (typeof orders)[number];

/** What has to be answered before a file can be read, with the words in which the server asks. */
export type Question =
  | { kind: 'column'; field: string; words: string }
  | { kind: 'encoding'; readings: { encoding: string; reading: string }[]; words: string }
  | { kind: 'sheet'; words: string }
  | { kind: 'dates'; orders: readonly Order[]; words: string }
  | { kind: 'show'; words: string }
  | { kind: 'hidden'; words: string }
  | { kind: 'other'; words: string };

/** What a refusal asks; undefined for one that no answer can help, such as a file that is no sheet. */
export function questionOf(error: unknown): Question | undefined {
  const asked = error instanceof CallboardError ? error.errors[0] : undefined;
  if (!asked) {
    return undefined;
  }
  const { message: words } = asked;
  const field = fieldOf(asked.field ?? '');
  if (field.startsWith('mapping.')) {
    return { kind: 'column', field: field.slice('mapping.'.length), words };
  }
  switch (field) {
    case 'encoding':
      return { kind: 'encoding', readings: readingsIn(words), words };
    case 'sheet':
      return { kind: 'sheet', words };
    case 'date_order':
      return { kind: 'dates', orders, words };
    case 'show_id':
    case 'show_title':
      return { kind: 'show', words };
    default:
      return { kind: 'other', words };
  }
}

/** A field as the API calls it: the client's errors have the names of JavaScript. */
export function fieldOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What a plan leaves open: rows are left out, or wait, until somebody says what is meant. */
export function openIn({ layout, problems }: ImportPlan): Question[] {
  const open: Question[] = [];
  const said = [...layout.notes, ...problems.filter(({ outcome }) => outcome === 'refused').map(({ reason }) => reason)];
  const order = layout.date_order === undefined ? said.find((words) => /\bchoose\b.*\b(day|month|year)-first\b/.test(words)) : undefined;
  if (order !== undefined) {
    const asked = order.slice(order.indexOf('choose'));
    open.push({ kind: 'dates', orders: orders.filter((one) => asked.includes(one)), words: order });
  }
  const show = said.find((words) => /^show is ".*" is imported into\b/.test(words));
  if (show !== undefined) {
    open.push({ kind: 'show', words: show });
  }
  const hidden = problems.find(({ outcome, reason }) => outcome === 'skipped' && reason.includes('hidden_rows'))?.reason;
  if (hidden !== undefined) {
    open.push({ kind: 'hidden', words: hidden });
  }
  return open;
}

/** How a line reads in each encoding that the server names: "…" in windows-1252. */
function readingsIn(words: string): { encoding: string; reading: string }[] {
  return [...words.matchAll(/("(?:[^"\\]|\\.)*") in ([\w-]+)/g)].map(([, quoted = '', encoding = '']) => ({ encoding, reading: unquoted(quoted) }));
}

/** The same without what only callers of the API can do: on the board the answers stand below. */
export function withoutOrders(words: string): string {
  return words
    .replaceAll(/; name it with \w+=COLUMN, or by its position, such as \w+=#\d+, out of: /g, ': ')
    .replace(/; (say so with \w+=|say which column holds |choose one with a mapping, ).*$/s, '');
}

/** The texts that stand in quotes. */
export function quotedIn(words: string): string[] {
  return [...words.matchAll(/"(?:[^"\\]|\\.)*"/g)].map(([quoted]) => unquoted(quoted));
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1); // it has an escape that JSON does not know
  }
}

/** Splits what is said of a row into the field that it begins with and the rest. */
export function fieldIn(reason: string, fields: Record<string, string>): { field: string; words: string } {
  const [first = ''] = reason.split(' ', 1);
  return fields[first] === undefined ? { field: '', words: reason } : { field: fields[first], words: reason.slice(first.length + 1) };
}

/** Whether new episodes get no season: no column says it, and the server found it neither in titles nor in headings nor in the name of the worksheet, which it would note. */
export function hasNoSeason({ columns, notes }: Pick<ImportPlan['layout'], 'columns' | 'notes'>): boolean {
  return !columns.some(({ field, why }) => field === 'season_number' || why.includes('for the season')) && !notes.some((note) => /season/i.test(note));
}
