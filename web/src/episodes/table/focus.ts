import type { ColumnId } from '../address';

export type Move = 'down' | 'next' | 'stay';

/** Told that an edit has ended, and where the cursor goes on. The table that is on the screen listens. */
type Listener = (id: string, column: ColumnId, move: Move) => void;

let listener: Listener | undefined;

export function onAfterEdit(told: Listener): () => void {
  listener = told;
  return () => {
    if (listener === told) {
      listener = undefined;
    }
  };
}

export function afterEdit(id: string, column: ColumnId, move: Move): void {
  listener?.(id, column, move);
}

/** Brings the focus to the list, where its cursor is. */
export function focusList(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-list] [data-cell][tabindex="0"]')?.focus({ preventScroll: true }));
}
