import { useMemo } from 'react';

import type { ColumnId, ListFilter, Sort } from '../address';
import { grouped } from './items';

/** The widths, as parts of a grid; the title takes what is left. */
const widths: Record<ColumnId, string> = {
  number: '72px',
  title: 'minmax(240px, 1fr)',
  show: '148px',
  status: '128px',
  air_date: '140px',
  categories: '184px',
  looking: '84px',
  changed: '92px',
  created: '100px',
  version: '64px',
};

/** The order that the head of a column gives, and how it is called where it is turned around. */
export const sortOf: Partial<Record<ColumnId, [first: Sort, turned: Sort]>> = {
  number: ['number', '-number'],
  title: ['title', '-title'],
  air_date: ['air_date', '-air_date'],
  changed: ['-updated_at', 'updated_at'],
  created: ['-created_at', 'created_at'],
};

const usual: readonly ColumnId[] = ['number', 'title', 'status', 'air_date', 'categories', 'looking', 'changed'];

/** The columns that a list has when the address names none. Without groups each row says its show. */
export function usualColumns(filter: Pick<ListFilter, 'sort' | 'show'>): readonly ColumnId[] {
  return grouped(filter) || filter.show ? usual : usual.toSpliced(2, 0, 'show');
}

export interface Columns {
  shown: ColumnId[];
  template: string;
}

/** The columns that are shown, in their order, on a sheet of some width. */
export function useColumns(chosen: readonly ColumnId[], width: number): Columns {
  const narrow = (id: ColumnId) => (width < 1060 && id === 'categories') || (width < 860 && (id === 'created' || id === 'version' || id === 'show'));
  const wanted = new Set<ColumnId>(chosen.includes('title') ? chosen : ['title', ...chosen]);
  const key = [...wanted].filter((id) => !narrow(id)).join();
  return useMemo(() => {
    const shown = key.split(',') as ColumnId[];
    return { shown, template: shown.map((id) => widths[id]).join(' ') };
  }, [key]);
}
