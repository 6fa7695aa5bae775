import { create } from 'zustand';

import type { ColumnId } from '../address';
import type { Episode } from './episode';

/** Where the keys act: a cell of a row, or the head of a group. */
export interface Cursor {
  /** The key of the item: the id of an episode, or that of a group. */
  key: string;
  column: ColumnId;
}

export const useCursor = create<{ at: Cursor | undefined }>(() => ({ at: undefined }));

export function moveCursor(at: Cursor | undefined): void {
  useCursor.setState({ at });
}

/** The columns whose cells are edited in the table. */
export const editColumns = ['number', 'title', 'status', 'air_date', 'categories'] as const;
export type EditColumn = (typeof editColumns)[number];

/** A cell that is open: what was typed, and what the server said to it. */
export interface OpenCell {
  /** The episode as it was when the edit began: what is saved goes by its version. */
  began: Episode;
  draft: string;
  /** It was opened by what is in it: that is gone on with, and not selected. */
  typing?: true;
  /** What the server said, or what is wrong before anything is sent. */
  error?: string;
  /** Somebody else has changed the field meanwhile: who, and the episode as it is saved now. */
  clash?: { name: string; theirs: Episode };
}

/** Open cells by the id of the episode and the column. */
export const useOpenCells = create<ReadonlyMap<string, OpenCell>>(() => new Map());

const cellKey = (id: string, column: EditColumn): string => `${id}:${column}`;

export function useOpenCell(id: string, column: EditColumn): OpenCell | undefined {
  return useOpenCells((cells) => cells.get(cellKey(id, column)));
}

export function openCell(id: string, column: EditColumn, cell: OpenCell): void {
  useOpenCells.setState(new Map(useOpenCells.getState()).set(cellKey(id, column), cell), true);
}

export function closeCell(id: string, column: EditColumn): void {
  const cells = new Map(useOpenCells.getState());
  if (cells.delete(cellKey(id, column))) {
    useOpenCells.setState(cells, true);
  }
}
