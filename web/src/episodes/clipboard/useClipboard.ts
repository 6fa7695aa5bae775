import { useEffect, useState } from 'react';

import { useMayEdit } from '../../session';
import { useShows } from '../../shows/shared';
import { number, text } from '../../text';
import { clipboardText } from '../../text/clipboard';
import { isTyping, toast } from '../../ui';
import type { ColumnId } from '../address';
import { useCursor } from '../store/cursor';
import { episodes } from '../store/episode';
import type { Loaded } from '../store/place';
import { countOf, useSelection } from '../store/selection';
import { cellOf, isCopied } from './cells';
import { readTsv, writeTsv } from './tsv';

const most = 500; // episodes that are changed at once

/** What was pasted: rows of cells, into which episodes, and from which column on. */
export interface Pasted {
  rows: string[][];
  ids: readonly string[];
  column: ColumnId;
  /** The episodes were selected, and are not only those from the cursor on. */
  selected: boolean;
}

interface Shown {
  columns: readonly ColumnId[];
  /** The rows that are seen, in their order. */
  order: readonly string[];
  loaded: Loaded;
  /** The list is that of deleted ones, which nothing is pasted into. */
  trash: boolean;
}

/** Copies the selected rows of the table, or the cell of the cursor, and hears of what is pasted into them. */
export function useClipboard({ columns, order, loaded, trash }: Shown): [Pasted | undefined, end: () => void] {
  const mayEdit = useMayEdit();
  const shows = useShows();
  const [pasted, setPasted] = useState<Pasted>();
  useEffect(() => {
    const copy = (event: ClipboardEvent): void => {
      if (isTyping(event) || !isHere() || !getSelection()?.isCollapsed) {
        return;
      }
      const titleOf = (id: string): string => shows.find((show) => show.id === id)?.title ?? '';
      const { at } = useCursor.getState();
      const ids = selectedOf(loaded.ids);
      const cursor = episodes.get(at?.key ?? '');
      if (ids.length > 0) {
        const copied = columns.filter(isCopied);
        const rows = ids.flatMap((id) => episodes.get(id) ?? []).map((episode) => copied.map((column) => cellOf(episode, column, titleOf)));
        event.clipboardData?.setData('text/plain', writeTsv([copied.map((column) => text.episodes.columnNames[column]), ...rows]));
        toast({ words: clipboardText.copied({ n: rows.length }), ...(countOf(useSelection.getState()) > rows.length && { more: clipboardText.copiedLoaded }) });
      } else if (at && cursor) {
        event.clipboardData?.setData('text/plain', cellOf(cursor, at.column, titleOf));
        toast({ words: clipboardText.copiedCell });
      } else {
        return;
      }
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent): void => {
      if (isTyping(event) || !isHere()) {
        return;
      }
      const rows = readTsv(event.clipboardData?.getData('text/plain') ?? '');
      if (rows.length === 0) {
        return;
      }
      event.preventDefault();
      const { at } = useCursor.getState();
      const selected = selectedOf(loaded.ids);
      const from = order.indexOf(at?.key ?? '');
      const ids = selected.length > 0 ? selected : from < 0 ? [] : order.slice(from, from + rows.length);
      if (ids.length === 0) {
        toast({ look: 'news', words: clipboardText.noRow });
      } else if (ids.length > most) {
        toast({ look: 'news', words: clipboardText.tooMany({ most: number(most) }) });
      } else if (countOf(useSelection.getState()) > ids.length) {
        toast({ look: 'news', words: clipboardText.notLoaded });
      } else {
        setPasted({ rows, ids, column: at?.column ?? 'title', selected: selected.length > 0 });
      }
    };
    document.addEventListener('copy', copy);
    if (mayEdit && !trash) {
      document.addEventListener('paste', paste);
    }
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('paste', paste);
    };
  }, [columns, order, loaded, trash, mayEdit, shows, setPasted]);
  return [pasted, () => setPasted(undefined)];
}

/** Whether the keys of the list are meant: the focus is in it, or nowhere while rows are selected. */
function isHere(): boolean {
  const active = document.activeElement;
  return active?.closest('[data-list], [data-bulk]') != null || ((active === null || active === document.body) && countOf(useSelection.getState()) > 0);
}

/** The selected rows in the order of the list, as far as they were read. */
function selectedOf(order: readonly string[]): string[] {
  const { ids, all } = useSelection.getState();
  return order.filter((id) => all !== undefined || ids.has(id));
}
