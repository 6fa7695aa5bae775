import type { Icon } from '@tabler/icons-react';
import { useEffect } from 'react';
import { create } from 'zustand';

/** Something that can be done on the page that is open. A page names only what would not be refused. */
export interface Act {
  /** What it does, in words; of what was typed when it is about that. */
  name: string | ((typed: string) => string);
  icon: Icon;
  /** The keys that do the same. */
  keys?: readonly string[];
  run: (typed: string) => void;
}

const usePages = create<{ pages: readonly (readonly Act[])[] }>(() => ({ pages: [] }));

/**
 * Names what can be done here for as long as the page is open. Acts that differ from one drawing to the next are named anew with each, which is for what is
 * rarely drawn.
 */
export function useActs(acts: readonly Act[]): void {
  useEffect(() => {
    usePages.setState(({ pages }) => ({ pages: [...pages, acts] }));
    return () => usePages.setState(({ pages }) => ({ pages: pages.filter((page) => page !== acts) }));
  }, [acts]);
}

/** What can be done on the page that is open: first what was named last, such as with what is selected. */
export function actsHere(): readonly Act[] {
  return [...usePages.getState().pages].reverse().flat();
}
