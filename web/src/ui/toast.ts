import type { Icon } from '@tabler/icons-react';
import { create } from 'zustand';

import { text } from '../text';

export interface ToastInput {
  words: string;
  more?: string;
  /** done and news go by themselves; bad stays until it is dismissed. Default: done. */
  look?: 'done' | 'bad' | 'news';
  icon?: Icon;
  act?: { name: string; run: () => void };
  /** Takes back what was done. A promise says how that went: it rejects with an Error whose message tells people why it could not be. */
  undo?: () => void | Promise<void>;
}

/** A line that says what was done, what was refused, or what came in. */
export interface Toast extends ToastInput {
  id: number;
}

const mostShown = 3;
const mostUndos = 20;

/** What is on the screen, oldest first. */
export const useToasts = create<{ shown: readonly Toast[] }>(() => ({ shown: [] }));

let undos: { id: number; run: () => void | Promise<void> }[] = [];
/** What is being undone: what is undone next waits for it, since it was done before. */
let undoing: Promise<unknown> | undefined;
let last = 0;

/** What is being done, and can be undone once it is. */
const underWay = new Set<Promise<unknown>>();

/** Makes of what ends in a toast that undoes it something that the key undoes from its beginning: pressed meanwhile, it waits for the end. */
export function undoable<A extends unknown[], T>(act: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  return async (...args) => {
    const done = act(...args);
    underWay.add(done);
    try {
      return await done;
    } finally {
      underWay.delete(done);
    }
  };
}

/** Says something at the end of the page; the oldest goes when there are too many. Returns by what it can be dismissed. */
export function toast(input: ToastInput): number {
  const id = ++last;
  if (input.undo) {
    undos = [...undos, { id, run: input.undo }].slice(-mostUndos);
  }
  const { shown } = useToasts.getState();
  const gone = shown.length < mostShown ? undefined : (shown.find(({ look }) => look !== 'bad') ?? shown[0]);
  useToasts.setState({ shown: [...shown.filter((other) => other !== gone), { ...input, id }] });
  return id;
}

/** Says that a part of the board could not be imported. */
export function noPart(): void {
  toast({ look: 'bad', words: text.failed.part });
}

/** Takes a toast off the screen. What it can undo stays within reach of the key. */
export function dismiss(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((one) => one.id !== id) }));
}

/** Undoes what was done last, or what a toast tells of. Returns false when there is nothing to undo. */
export function undo(id?: number): boolean {
  if (id === undefined && underWay.size > 0) {
    const before = last;
    void Promise.allSettled(underWay).then(() => (undos.at(-1)?.id ?? 0) > before && undo()); // not what was done before, if this is refused
    return true;
  }
  const found = id === undefined ? undos.at(-1) : undos.find((one) => one.id === id);
  if (!found) {
    return false;
  }
  undos = undos.filter((one) => one !== found);
  dismiss(found.id);
  const done = undoing ? undoing.then(() => found.run()) : found.run();
  if (done instanceof Promise) {
    const told = done
      .then(
        () => toast({ words: text.toasts.undone }),
        (error: unknown) => toast({ look: 'bad', words: text.toasts.notUndone, ...(error instanceof Error && { more: error.message }) }),
      )
      .finally(() => {
        undoing = undoing === told ? undefined : undoing;
      });
    undoing = told;
  }
  return true;
}
