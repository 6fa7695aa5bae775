import { IconArrowUp } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, type RefObject } from 'react';

import { text } from '../text';
import { Kbd } from '../ui';
import type { ListFilter } from './address';
import { useCursor } from './store/cursor';
import { listName, takeWaiting } from './store/lists';
import { useWaiting } from './store/waiting';
import css from './Pill.module.css';

const calm = 2000; // ms without a touch, after which a list that is at its top takes what waits by itself

const none: readonly string[] = [];

interface PillProps {
  /** The lists that are seen together. */
  filters: readonly ListFilter[];
  scroller: RefObject<HTMLDivElement | null>;
  /** What would change its place though no list says so. */
  strays?: readonly string[];
  onTake?: () => void;
}

/** What waits to come into the list, below its head. Nothing of it moves a row until one asks for it, by a click or ".". */
export function Pill({ filters, scroller, strays = none, onTake }: PillProps) {
  const names = useMemo(() => filters.map(listName), [filters]);
  const counts = useWaiting(names, strays);
  const some = counts.added + counts.moved + counts.gone > 0;
  const take = useCallback(() => {
    filters.forEach((filter) => takeWaiting(filter));
    onTake?.();
  }, [filters, onTake]);
  useEffect(() => {
    if (!some) {
      return undefined;
    }
    const keys = (event: KeyboardEvent): void => {
      if (event.key === '.' && !(event.target instanceof HTMLElement && event.target.matches('input, textarea'))) {
        take();
      }
    };
    window.addEventListener('keydown', keys);
    const stop = whenCalm(scroller, take);
    return () => {
      window.removeEventListener('keydown', keys);
      stop();
    };
  }, [some, take, scroller]);
  if (!some) {
    return null;
  }
  return (
    <button type="button" className={css['pill']} onClick={take} title={text.episodes.pillHint}>
      <IconArrowUp size={14} stroke={1.75} aria-hidden="true" />
      {text.episodes.pill(counts)}
      <Kbd>.</Kbd>
    </button>
  );
}

/** Calls back once the list is at its top, no row is focused, and nothing was touched for a while. */
function whenCalm(scroller: RefObject<HTMLDivElement | null>, callback: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const list = scroller.current;
      const free = (list?.scrollTop ?? 0) === 0 && !list?.contains(document.activeElement) && !list?.matches(':hover') && useCursor.getState().at === undefined;
      if (free && !document.hidden) {
        callback();
      } else {
        wait();
      }
    }, calm);
  };
  const touches = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
  touches.forEach((touch) => window.addEventListener(touch, wait, { passive: true }));
  wait();
  return () => {
    clearTimeout(timer);
    touches.forEach((touch) => window.removeEventListener(touch, wait));
  };
}
