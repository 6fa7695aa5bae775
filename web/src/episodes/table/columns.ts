import { columnOrderingFeature, columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useMemo } from 'react';

import { columnIds, type ColumnId, type ListFilter, type Sort } from '../address';
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

const features = tableFeatures({ columnOrderingFeature, columnVisibilityFeature });
const helper = createColumnHelper<typeof features, { id: string }>();
const definitions = helper.columns(columnIds.map((id) => helper.display({ id, enableHiding: id !== 'title' })));
const noRows: { id: string }[] = []; // rows are drawn by id, from their records: the table knows of columns alone

export interface Columns {
  shown: ColumnId[];
  template: string;
}

/** The columns that are shown, in their order, on a sheet of some width. */
export function useColumns(chosen: readonly ColumnId[], width: number): Columns {
  const state = useMemo(() => {
    const wanted: ReadonlySet<ColumnId> = new Set<ColumnId>([...chosen, 'title']);
    const narrow = (id: ColumnId) => (width < 1060 && id === 'categories') || (width < 860 && (id === 'created' || id === 'version' || id === 'show'));
    return {
      columnOrder: [...(chosen.includes('title') ? [] : ['title']), ...chosen] as string[],
      columnVisibility: Object.fromEntries(columnIds.map((id) => [id, wanted.has(id) && !narrow(id)])),
    };
  }, [chosen, width]);
  const table = useTable({ features, columns: definitions, data: noRows, state });
  const shown = table.getVisibleLeafColumns().map(({ id }) => id as ColumnId);
  const key = shown.join();
  return useMemo(() => {
    const ids = key.split(',') as ColumnId[];
    return { shown: ids, template: ids.map((id) => widths[id]).join(' ') };
  }, [key]);
}
