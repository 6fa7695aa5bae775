import { create } from 'zustand';

import type { ListFilter } from '../address';

/** Which episodes of the list are selected. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** All that the list holds are, also what was not read: how many there are. */
  all: { filter: ListFilter; total: number } | undefined;
  /** Where a range begins: the row that was chosen last. */
  anchor: string | undefined;
  /** What was selected when the range began: the range comes on top of it, and gives back what it leaves. */
  base: ReadonlySet<string>;
}

const nothing: Selection = { ids: new Set(), all: undefined, anchor: undefined, base: new Set() };

export const useSelection = create<Selection>(() => nothing);

/** Whether a row is selected. Only the rows of which that changes are drawn. */
export function useSelected(id: string): boolean {
  return useSelection(({ ids, all }) => all !== undefined || ids.has(id));
}

/** How many are selected. */
export function countOf({ ids, all }: Selection): number {
  return all?.total ?? ids.size;
}

export function clearSelection(): void {
  useSelection.setState(nothing);
}

/** Selects exactly these. */
export function select(ids: Iterable<string>): void {
  const chosen = new Set(ids);
  useSelection.setState({ ids: chosen, all: undefined, anchor: undefined, base: chosen });
}

export function selectAll(filter: ListFilter, total: number): void {
  useSelection.setState({ all: { filter, total } });
}

/** Selects a row, or no longer. Of all that match, those that were read stay. */
export function toggle(id: string, order: readonly string[]): void {
  const before = useSelection.getState();
  const ids = new Set(before.all ? order : before.ids);
  if (!ids.delete(id)) {
    ids.add(id);
  }
  useSelection.setState({ ids, all: undefined, anchor: id, base: ids });
}

/** Selects the rows from where the range began to this one; `from` is where it begins when there is none. */
export function extend(id: string, order: readonly string[], from = id): void {
  const { anchor, base } = useSelection.getState();
  const start = anchor !== undefined && order.includes(anchor) ? anchor : from;
  const [first, last] = [order.indexOf(start), order.indexOf(id)].sort((a, b) => a - b) as [number, number];
  if (first >= 0) {
    useSelection.setState({ ids: new Set([...base, ...order.slice(first, last + 1)]), all: undefined, anchor: start });
  }
}

/** Leaves out what was done. */
export function deselect(gone: ReadonlySet<string>): void {
  const { ids } = useSelection.getState();
  select([...ids].filter((id) => !gone.has(id)));
}
