import { describe, expect, it } from 'vitest';

import { columnIds, type ColumnId } from '../address';
import { moved, offered } from './order';

describe('the order of columns', () => {
  it('keeps what is shown as it is, and has the others where they are by themselves', () => {
    expect(offered([])).toEqual([...columnIds]);
    expect(offered(['status', 'title']).slice(0, 5)).toEqual(['number', 'status', 'air_date', 'categories', 'looking']);
    expect(offered(['status', 'title']).filter((id) => id === 'status' || id === 'title')).toEqual(['status', 'title']);
    expect(offered(['version', 'title']).toSorted()).toEqual(columnIds.toSorted());
  });

  it('has one moved, by steps or to the place of another', () => {
    const order: ColumnId[] = ['number', 'title', 'status'];
    expect(moved(order, 'status', -1)).toEqual(['number', 'status', 'title']);
    expect(moved(order, 'number', -1)).toEqual(order);
    expect(moved(order, 'status', 1)).toEqual(order);
    expect(moved(order, 'number', 'status')).toEqual(['title', 'status', 'number']);
    expect(moved(order, 'status', 'number')).toEqual(['status', 'number', 'title']);
  });
});
