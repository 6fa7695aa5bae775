import { clipboardText } from '../../text/clipboard';
import { columnIds, type ColumnId } from '../address';
import type { Change } from '../bulk';
import { fieldsOf, same, type Episode, type Field } from '../store/episode';
import { isTarget, nameOf, readCell, targets, type Target } from './cells';
import { bare } from './tsv';

/** Where the columns of what is pasted go: by the names in its first line, or from a column of the table on. */
export type Into = 'names' | ColumnId;

/** A cell that would change. */
export interface Difference {
  target: Target;
  fields: Field[];
  /** The episode as it will be. */
  after: Episode;
}

/** A cell that is left out. */
export interface LeftOut {
  /** Of which line, from 1. */
  line: number;
  target: Target;
  cell: string;
  why: string;
}

/** What becomes of an episode. */
export interface Line extends Change {
  differences: Difference[];
}

export interface Plan {
  /** How many episodes have a line to go into them. */
  into: number;
  lines: Line[];
  leftOut: LeftOut[];
  /** How many cells are so already. */
  same: number;
  /** How many lines have no episode to go into. */
  beyond: number;
  /** The columns that cannot be pasted into, though there was something for them. */
  readOnly: string[];
  /** What the first line names that is no column here. */
  unknown: string[];
  /** Whether there are cells behind the last column of the table, or behind the last one that the first line names. */
  tooWide: boolean;
}

const columnNames = new Map<string, Target | ColumnId>([
  ...[...targets, ...columnIds].map((column) => [nameOf(column).toLowerCase(), column] as const),
  ...Object.entries(clipboardText.alsoNamed),
]);

/**
 * The columns that the first line names, each once, undefined where it is no column here. Such a line names nothing else, or two at least; undefined when
 * it is none, or when nothing is below it.
 */
export function namedColumns([first = [], second]: readonly string[][]): (Target | ColumnId | undefined)[] | undefined {
  const columns = first.map((name) => columnNames.get(name.trim().toLowerCase()));
  const known = columns.filter((column) => column !== undefined);
  const isHead = known.length > 0 && (known.length >= 2 || known.length === columns.length) && new Set(known).size === known.length;
  return second && isHead ? columns : undefined;
}

interface Place {
  /** The rows to paste into, in their order. One line of cells goes into each of them. */
  episodes: readonly Episode[];
  /** The columns of the table, in their order. */
  columns: readonly ColumnId[];
  into: Into;
  /** One line goes into every row, as the rows were selected. */
  fill: boolean;
  today: string;
}

/** What would come of pasting rows of cells. Nothing is changed by it. */
export function planOf(rows: readonly string[][], { episodes, columns, into, fill, today }: Place): Plan {
  const named = into === 'names' ? namedColumns(rows) : undefined;
  const cells = named ? rows.slice(1) : rows;
  const wanted: readonly (Target | ColumnId | undefined)[] = named ?? columns.slice(Math.max(0, columns.indexOf(into as ColumnId)));
  const repeated = fill && cells.length === 1;
  const plan: Plan = { into: repeated ? episodes.length : Math.min(cells.length, episodes.length), lines: [], leftOut: [], same: 0, beyond: repeated ? 0 : Math.max(0, cells.length - episodes.length), readOnly: [], unknown: [], tooWide: false };
  if (named) {
    plan.unknown = (rows[0] ?? []).filter((name, at) => named[at] === undefined && name.trim() !== '').map((name) => name.trim());
  }
  episodes.forEach((began, i) => {
    const row = (repeated ? cells[0] : cells[i]) ?? [];
    const number = (repeated ? 0 : i) + (named ? 2 : 1);
    if (began.deleted_at !== undefined && row.length > 0) {
      plan.leftOut.push({ line: number, target: 'title', cell: began.title, why: clipboardText.deleted });
      return;
    }
    const line: Line = { began, patch: {}, differences: [] };
    row.forEach((cell, at) => {
      const target = wanted[at];
      if (target === undefined) {
        plan.tooWide ||= at >= wanted.length && cell.trim() !== '';
      } else if (!isTarget(target)) {
        if (cell.trim() !== '' && !plan.readOnly.includes(nameOf(target))) {
          plan.readOnly.push(nameOf(target));
        }
      } else {
        take(plan, line, { target, cell, line: number, today });
      }
    });
    if (line.differences.length > 0) {
      plan.lines.push(line);
    }
  });
  return plan;
}

function take(plan: Plan, line: Line, { target, cell, line: number, today }: { target: Target; cell: string; line: number; today: string }): void {
  const read = readCell(target, bare(cell.trim()), today);
  if ('why' in read) {
    if (!plan.leftOut.some((one) => one.line === number && one.target === target)) {
      plan.leftOut.push({ line: number, target, cell, why: read.why });
    }
    return;
  }
  const fields = fieldsOf(read.patch).filter((field) => !same(read.patch[field], line.began[field]));
  if (fields.length === 0) {
    plan.same++;
    return;
  }
  line.differences.push({ target, fields, after: { ...line.began, ...(read.patch as Partial<Episode>) } });
  fields.forEach((field) => Object.assign(line.patch, { [field]: read.patch[field] }));
}

/**
 * The changes in an order in which no number is wanted before the episode that has it gives it up. Where they go round in a circle there is none, and the
 * server says which number is taken.
 */
export function inOrder<C extends Change>(changes: readonly C[]): C[] {
  const placeOf = ({ show_id: show, season_number: season, episode_number: number }: Episode): string | undefined => (show === null || number === null ? undefined : `${show} ${season} ${number}`);
  const waiting = new Set(changes);
  const ordered: C[] = [];
  while (waiting.size > 0) {
    const held = new Map([...waiting].map((change) => [placeOf(change.began), change]));
    const free = [...waiting].filter((change) => {
      const wanted = placeOf({ ...change.began, ...(change.patch as Partial<Episode>) });
      const holder = wanted === undefined ? undefined : held.get(wanted);
      return holder === undefined || holder === change;
    });
    const next = free.length > 0 ? free : [...waiting];
    next.forEach((change) => waiting.delete(change));
    ordered.push(...next);
  }
  return ordered;
}
