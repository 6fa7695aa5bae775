import { choice, choices, flag, matching, textParam, type Values } from '../address/search';
import { statuses } from '../text/statuses';

export const sorts = ['number', '-number', 'title', '-title', 'air_date', '-air_date', '-updated_at', 'updated_at', '-created_at', 'created_at'] as const;
export type Sort = (typeof sorts)[number];

export const columnIds = ['number', 'title', 'show', 'status', 'air_date', 'categories', 'looking', 'changed', 'created', 'version'] as const;
export type ColumnId = (typeof columnIds)[number];

export const views = ['table', 'board', 'calendar'] as const;
export type View = (typeof views)[number];

export const densities = ['compact', 'default', 'roomy'] as const;

/** What an address of the list says. Defaults are left out of it. */
export const listParams = {
  view: choice(views, 'table'),
  show: textParam(),
  status: choices(statuses),
  q: textParam(),
  sort: choice(sorts, 'number'),
  /** The columns in their order; none is the usual ones. */
  cols: choices(columnIds),
  density: choice(densities, 'default'),
  /** The month of the calendar, "2026-11"; empty is the present one. */
  month: matching(/^\d{4}-(0[1-9]|1[0-2])$/),
  /** The deleted ones, in the place of the living. */
  deleted: flag(),
  /** The dialog of a new episode, over the list: 1, or the status that it begins with. */
  new: choice(['', '1', ...statuses], ''),
};

export type ListAddress = Values<typeof listParams>;

/** The order within the columns of the board. It has no groups, so numbers say little there. */
export function boardSort(sort: Sort): Sort {
  return sort === 'number' || sort === '-number' ? 'air_date' : sort;
}

/** What a list holds, and in which order. */
export interface ListFilter extends Pick<ListAddress, 'show' | 'status' | 'q' | 'sort' | 'deleted'> {
  /** Only what airs within these days, or has no air date. */
  airs?: { from: string; to: string } | 'never';
}

export function filterOf({ show, status, q, sort, deleted }: ListFilter): ListFilter {
  return { show, status: statuses.filter((one) => status.includes(one)), q: q.trim(), sort, deleted };
}

/** The month so many months after another, "2026-11". */
export function monthAfter(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + by)).toISOString().slice(0, 7);
}
