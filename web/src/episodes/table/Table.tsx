import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';

import { useLocation } from '../../address';
import { base } from '../../client';
import { useMayEdit } from '../../session';
import { text } from '../../text';
import { Check, noPart, usePhone, useWidth, whenIdle } from '../../ui';
import type { ColumnId, ListAddress, ListFilter, Sort } from '../address';
import { useClipboard } from '../clipboard/useClipboard';
import { editColumns, moveCursor, useCursor, type Cursor } from '../store/cursor';
import { episodes } from '../store/episode';
import type { Loaded } from '../store/place';
import { clearSelection, extend, select, toggle, useSelection } from '../store/selection';
import { sortOf, useColumns, usualColumns } from './columns';
import { beginEdit } from './edit';
import { onAfterEdit, type Move } from './focus';
import { GroupHead } from './GroupHead';
import { grouped, itemsOf, rowsOf, type Item } from './items';
import { Row } from './Row';
import css from './Table.module.css';

const PasteDialog = lazy(() => import('../clipboard/PasteDialog'));

const rowHeights = { compact: 32, default: 40, roomy: 52 } as const;
const phoneRow = 60;
const boxWidth = '34px';
const groupHeight = 34;
const aboveList = 140; // what the page has above and below its list, nearly
const headHeight = 32;
const overscanned = 8; // rows beyond those in view, that scrolling finds there
const ahead = 20; // rows before the end of what was read, at which the next page is fetched

interface TableProps {
  filter: ListFilter;
  address: ListAddress;
  loaded: Loaded;
  onSort: (sort: Sort) => void;
  onEnd: () => void;
  scroller: React.RefObject<HTMLDivElement | null>;
}

export function Table({ filter, address, loaded, onSort, onEnd, scroller }: TableProps) {
  const phone = usePhone();
  const width = useWidth(scroller);
  const chosen = address.cols.length > 0 ? address.cols : usualColumns(filter);
  const { shown, template } = useColumns(chosen, width);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const items = useMemo(
    () => (grouped(filter) ? itemsOf(loaded.ids, loaded.more, folded, (id) => episodes.get(id)) : rowsOf(loaded.ids)),
    [filter, loaded, folded],
  );
  const fold = useCallback((key: string, now?: boolean): void => {
    setFolded((before) => {
      const after = new Set(before);
      if (now ?? !before.has(key)) {
        after.add(key);
      } else {
        after.delete(key);
      }
      return after;
    });
  }, []);

  const mayEdit = useMayEdit();
  const boxes = mayEdit && !phone;
  const order = useMemo(() => items.flatMap(({ kind, key }) => (kind === 'row' ? [key] : [])), [items]);
  const [pasted, endPaste] = useClipboard({ columns: shown, order, loaded, trash: filter.deleted });
  const rowHeight = phone ? phoneRow : rowHeights[address.density];
  const top = phone ? 0 : headHeight;
  const cursor = useCursor(({ at }) => at?.key);
  const cursorIndex = useMemo(() => (cursor === undefined ? -1 : items.findIndex(({ key }) => key === cursor)), [items, cursor]);
  const stuck = useRef(-1);
  const lastIndex = useRef(-1);
  const rangeExtractor = useCallback(
    (range: Range): number[] => {
      stuck.current = lastGroup(items, range.startIndex);
      const indexes = new Set(defaultRangeExtractor(range));
      [stuck.current, cursorIndex].forEach((index) => index >= 0 && index < items.length && indexes.add(index));
      return [...indexes].sort((a, b) => a - b);
    },
    [items, cursorIndex],
  );
  const overscan = useLater(overscanned);
  // The compiler of React is not in use, which is what the rule is about.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    initialRect: { width: window.innerWidth, height: window.innerHeight - aboveList }, // so the rows are there in the first drawing, and not in a second one
    estimateSize: (index) => (items[index]?.kind === 'group' ? groupHeight : rowHeight),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan,
    scrollMargin: top,
    scrollPaddingStart: top + groupHeight,
    scrollPaddingEnd: 8,
    rangeExtractor,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight, items]);

  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (loaded.more && last >= items.length - ahead) {
      onEnd();
    }
  }, [last, items.length, loaded.more, onEnd]);

  const go = useGo(items, shown, virtual.scrollToIndex);
  useEffect(() => onAfterEdit((id, column, move) => go({ key: id, column }, move)), [go]);
  const keys = useKeys(items, order, shown, go, fold, folded);
  useEffect(() => {
    if (cursorIndex >= 0) {
      lastIndex.current = cursorIndex;
    } else if (cursor !== undefined && lastIndex.current >= 0 && document.activeElement === document.body) {
      const item = items[Math.min(lastIndex.current, items.length - 1)];
      if (item) {
        go({ key: item.key, column: 'title' }); // its row has gone, and the focus with it: to the next one
      }
    }
  }, [items, cursor, cursorIndex, go]);

  return (
    <>
      <div className={css['grid']} ref={scroller} role="grid" aria-label={text.episodes.list} aria-rowcount={loaded.more ? -1 : items.length} {...(mayEdit && { 'aria-multiselectable': true })} onKeyDown={keys} onFocus={focused} style={{ '--columns': boxes ? `${boxWidth} ${template}` : template } as CSSProperties} tabIndex={-1} data-list>
        {!phone && <Head columns={shown} sort={filter.sort} onSort={onSort} order={boxes ? order : undefined} />}
        <div className={css['body']} style={{ height: virtual.getTotalSize() }} role="rowgroup">
          {visible.map(({ index, start, size }) => {
            const item = items[index];
            if (!item) {
              return null;
            }
            const entry = cursorIndex < 0 && index === (visible[0]?.index ?? 0);
            return item.kind === 'group' ? (
              <GroupHead key={item.key} group={item} index={index + 1} folded={folded.has(item.key)} top={index === stuck.current ? undefined : start - top} height={size} columns={shown.length + (boxes ? 1 : 0)} entry={entry} onFold={fold} />
            ) : (
              <Row key={item.key} id={item.key} index={index + 1} columns={shown} hints={width >= 860} phone={phone} top={start - top} height={size} entry={entry ? 'title' : undefined} order={order} trash={filter.deleted} />
            );
          })}
        </div>
      </div>
      {pasted && (
        <Suspense>
          <PasteDialog pasted={pasted} columns={shown} onClose={endPaste} />
        </Suspense>
      )}
    </>
  );
}

let drawn = false;

/** Nothing beyond what is in view until the first list of the page is drawn, and the page has time: so much of it is there sooner on a slow device. */
function useLater(rows: number): number {
  const [now, setNow] = useState(drawn ? rows : 0);
  useEffect(() => {
    return whenIdle(() => {
      drawn = true;
      setNow(rows);
    });
  }, [rows, setNow]);
  return now;
}

/** Whatever cell has the focus has the cursor, also when Tab or a click brought it there. */
function focused(event: React.FocusEvent): void {
  const [key, column = 'title'] = event.target.getAttribute('data-cell')?.split(' ') ?? [];
  const { at } = useCursor.getState();
  if (key !== undefined && (at?.key !== key || at.column !== column)) {
    moveCursor({ key, column: column as ColumnId });
  }
}

function lastGroup(items: readonly Item[], index: number): number {
  for (let i = Math.min(index, items.length - 1); i >= 0; i--) {
    if (items[i]?.kind === 'group') {
      return i;
    }
  }
  return -1;
}

/** Moves the cursor: to a cell, or from it on. The focus follows once the row is there. */
function useGo(items: readonly Item[], columns: readonly ColumnId[], scrollTo: (index: number) => void) {
  return useCallback(
    ({ key, column }: Cursor, move: Move = 'stay'): void => {
      const index = items.findIndex((item) => item.key === key);
      const next = move === 'down' && items[index + 1] ? index + 1 : index;
      const item = items[next];
      if (!item) {
        return;
      }
      const right = columns[Math.min(columns.indexOf(column) + 1, columns.length - 1)] ?? column;
      const at = { key: item.key, column: move === 'next' ? right : column };
      moveCursor(at);
      scrollTo(next);
      requestAnimationFrame(() => focusCell(at, item));
    },
    [items, columns, scrollTo],
  );
}

function focusCell(at: Cursor, item: Item): void {
  const name = item.kind === 'group' ? at.key : `${at.key} ${at.column}`;
  const cell = document.querySelector<HTMLElement>(`[data-cell="${CSS.escape(name)}"]`) ?? document.querySelector<HTMLElement>(`[data-cell^="${CSS.escape(at.key)}"]`);
  cell?.focus({ preventScroll: true });
}

function useKeys(items: readonly Item[], order: readonly string[], columns: readonly ColumnId[], go: (at: Cursor) => void, fold: (key: string, now: boolean) => void, folded: ReadonlySet<string>) {
  const mayEdit = useMayEdit();
  const [, open] = useLocation();
  return (event: React.KeyboardEvent): void => {
    const at = useCursor.getState().at;
    const index = at ? items.findIndex(({ key }) => key === at.key) : -1;
    const item = items[index];
    const column = at?.column ?? 'title';
    if ((event.ctrlKey || event.metaKey) && event.key === 'Backspace' && mayEdit && item?.kind === 'row' && episodes.get(item.key)?.deleted_at === undefined) {
      event.preventDefault();
      void import('../bulk').then(({ deleteOne }) => deleteOne(item.key), noPart);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && item?.kind === 'row') {
      window.open(`${base}/episodes/${item.key}`, '_blank', 'noopener');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const stretch = (step: 1 | -1): void => {
      const now = order.indexOf(item?.key ?? '');
      const next = order[Math.max(0, Math.min(order.length - 1, now + step))];
      if (mayEdit && next !== undefined) {
        extend(next, order, item?.kind === 'row' ? item.key : next);
        go({ key: next, column });
      }
    };
    const to = (wanted: number, toColumn = column): void => {
      const target = items[Math.max(0, Math.min(items.length - 1, wanted))];
      if (target) {
        go({ key: target.key, column: toColumn });
      }
    };
    const page = 12; // rows
    const edit = (wanted: ColumnId): void => {
      const editColumn = columns.includes(wanted) ? editColumns.find((one) => one === wanted) : undefined;
      if (item?.kind === 'row' && mayEdit && editColumn) {
        beginEdit(item.key, editColumn);
      }
    };
    const acts: Record<string, () => void> = {
      ArrowDown: () => to(index + 1),
      j: () => to(index + 1),
      ArrowUp: () => to(index - 1),
      k: () => to(index - 1),
      PageDown: () => to(index + page),
      PageUp: () => to(index - page),
      Home: () => to(0),
      End: () => to(items.length - 1),
      ArrowLeft: () => (item?.kind === 'group' ? fold(item.key, true) : to(index, columns[Math.max(0, columns.indexOf(column) - 1)])),
      ArrowRight: () => (item?.kind === 'group' ? fold(item.key, false) : to(index, columns[Math.min(columns.length - 1, columns.indexOf(column) + 1)])),
      F2: () => edit(editColumns.some((one) => one === column) ? column : 'title'),
      s: () => edit('status'),
      d: () => edit('air_date'),
      x: () => mayEdit && item?.kind === 'row' && toggle(item.key, order),
      J: () => stretch(1),
      K: () => stretch(-1),
    };
    const enter = (): void => (column !== 'title' && mayEdit && editColumns.some((one) => one === column) ? edit(column) : open(`/episodes/${item?.key}`));
    const write = (): void => {
      if (item?.kind === 'row' && mayEdit && (column === 'air_date' || column === 'number')) {
        beginEdit(item.key, column, event.key);
      }
    };
    const range = event.shiftKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp');
    const act = range ? () => stretch(event.key === 'ArrowDown' ? 1 : -1) : event.key === 'Enter' && item?.kind === 'row' ? enter : /^[\d+-]$/.test(event.key) ? write : acts[event.key];
    if (act && !(item?.kind === 'group' && event.key === 'ArrowRight' && !folded.has(item.key))) {
      event.preventDefault();
      act();
    }
  };
}

/** The heads of the columns. Some set the order, and turn it around. */
function Head({ columns, sort, onSort, order }: { columns: readonly ColumnId[]; sort: Sort; onSort: (sort: Sort) => void; order: readonly string[] | undefined }) {
  return (
    <div className={css['head']} role="row">
      {order && <HeadBox order={order} />}
      {columns.map((column) => {
        const orders = sortOf[column];
        const on = orders?.includes(sort) ?? false;
        const up = on && !sort.startsWith('-');
        return (
          <div key={column} className={css['column']} role="columnheader" aria-sort={on ? (up ? 'ascending' : 'descending') : undefined}>
            {orders ? (
              <button type="button" className={on ? css['sorted'] : undefined} onClick={() => onSort(sort === orders[0] ? orders[1] : orders[0])} tabIndex={-1}>
                {text.episodes.heads[column]}
                {on && (up ? <IconArrowUp size={12} stroke={1.75} aria-hidden="true" /> : <IconArrowDown size={12} stroke={1.75} aria-hidden="true" />)}
              </button>
            ) : (
              text.episodes.heads[column]
            )}
          </div>
        );
      })}
    </div>
  );
}

/** Selects all rows that were read, or none. */
function HeadBox({ order }: { order: readonly string[] }) {
  const state = useSelection(({ ids, all }) => (all !== undefined || (ids.size > 0 && order.every((id) => ids.has(id))) ? 'all' : ids.size > 0 ? 'some' : 'none'));
  return (
    <div className={css['box']} role="columnheader">
      <Check label={text.episodes.selectAll} checked={state === 'all'} some={state === 'some'} tabIndex={-1} onChange={() => (state === 'all' ? clearSelection() : select(order))} />
    </div>
  );
}
