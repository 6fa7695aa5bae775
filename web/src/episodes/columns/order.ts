import { columnIds, type ColumnId } from '../address';

/** All columns as they are offered: those that are shown in their order, and each of the others behind the one that it follows by itself. */
export function offered(shown: readonly ColumnId[]): ColumnId[] {
  const order = [...shown];
  columnIds.forEach((id, i) => {
    if (!order.includes(id)) {
      const before = columnIds[i - 1];
      order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
    }
  });
  return order;
}

/** The order with one of them moved to where another one is, or that many places on. */
export function moved(order: readonly ColumnId[], id: ColumnId, to: ColumnId | -1 | 1): ColumnId[] {
  const from = order.indexOf(id);
  const at = typeof to === 'number' ? Math.max(0, Math.min(order.length - 1, from + to)) : order.indexOf(to);
  return order.toSpliced(from, 1).toSpliced(at, 0, id);
}
