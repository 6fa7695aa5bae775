import { choice, choices, textParam, type Values } from '../address';
import { statuses } from '../ui';

export const sorts = ['number', '-number', 'title', '-title', 'air_date', '-air_date', '-updated_at', 'updated_at', '-created_at', 'created_at'] as const;
export type Sort = (typeof sorts)[number];

export const columnIds = ['number', 'title', 'show', 'status', 'air_date', 'categories', 'looking', 'changed', 'created', 'version'] as const;
export type ColumnId = (typeof columnIds)[number];

export const densities = ['compact', 'default', 'roomy'] as const;

/** What an address of the list says. Defaults are left out of it. */
export const listParams = {
  show: textParam(),
  status: choices(statuses),
  q: textParam(),
  sort: choice(sorts, 'number'),
  /** The columns in their order; none is the usual ones. */
  cols: choices(columnIds),
  density: choice(densities, 'default'),
};

export type ListAddress = Values<typeof listParams>;

/** What a list holds, and in which order. */
export type ListFilter = Pick<ListAddress, 'show' | 'status' | 'q' | 'sort'>;

export function filterOf({ show, status, q, sort }: ListFilter): ListFilter {
  return { show, status: statuses.filter((one) => status.includes(one)), q: q.trim(), sort };
}
