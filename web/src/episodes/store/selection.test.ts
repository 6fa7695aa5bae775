import { beforeEach, describe, expect, it } from 'vitest';

import { clearSelection, countOf, deselect, extend, select, selectAll, toggle, useSelection } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const selected = () => [...useSelection.getState().ids].sort().join('');

describe('the selection', () => {
  beforeEach(clearSelection);

  it('grows and shrinks with its range, on top of what was selected before', () => {
    toggle('a', order);
    toggle('c', order);
    extend('e', order);
    expect(selected()).toBe('acde');
    extend('d', order);
    expect(selected()).toBe('acd');
    extend('b', order);
    expect(selected()).toBe('abc');
    toggle('a', order);
    expect(selected()).toBe('bc');
  });

  it('begins a range where the cursor is when nothing was chosen, or that row has gone', () => {
    extend('c', order, 'b');
    expect(selected()).toBe('bc');
    clearSelection();
    toggle('gone', ['gone']);
    extend('d', order, 'c');
    expect(selected()).toBe('cdgone');
  });

  it('counts all that match, and falls back to what was read when one of them is not meant', () => {
    select(order);
    selectAll({ show: '', status: [], q: '', sort: 'number', deleted: false }, 312);
    expect(countOf(useSelection.getState())).toBe(312);
    toggle('b', order);
    expect(countOf(useSelection.getState())).toBe(4);
    deselect(new Set(['a', 'c']));
    expect(selected()).toBe('de');
  });
});
