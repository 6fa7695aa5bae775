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

/** The fields that are edited in the table. */
export type EditField = 'title' | 'status';

/** A cell that is open: what was typed, and what the server said to it. */
export interface OpenCell {
  /** The episode as it was when the edit began: what is saved goes by its version. */
  began: Episode;
  draft: string;
  /** What the server said, or what is wrong before anything is sent. */
  error?: string;
  /** Somebody else has changed the field meanwhile: who, and the episode as it is saved now. */
  clash?: { name: string; theirs: Episode };
}

/** Open cells by the id of the episode and the field. */
export const useOpenCells = create<ReadonlyMap<string, OpenCell>>(() => new Map());

const cellKey = (id: string, field: EditField): string => `${id}:${field}`;

export function useOpenCell(id: string, field: EditField): OpenCell | undefined {
  return useOpenCells((cells) => cells.get(cellKey(id, field)));
}

export function openCell(id: string, field: EditField, cell: OpenCell): void {
  useOpenCells.setState(new Map(useOpenCells.getState()).set(cellKey(id, field), cell), true);
}

export function closeCell(id: string, field: EditField): void {
  const cells = new Map(useOpenCells.getState());
  if (cells.delete(cellKey(id, field))) {
    useOpenCells.setState(cells, true);
  }
}
