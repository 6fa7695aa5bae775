import { IconArrowUp } from '@tabler/icons-react';
import { useEffect, useMemo, type RefObject } from 'react';

import { text } from '../text';
import { Kbd } from '../ui';
import type { ListFilter } from './address';
import { useCursor } from './store/cursor';
import { listName, takeWaiting } from './store/lists';
import { useWaiting } from './store/waiting';
import css from './Pill.module.css';

const calm = 2000; // ms without a touch, after which a list that is at its top takes what waits by itself

/** What waits to come into the list, below its head. Nothing of it moves a row until one asks for it, by a click or ".". */
export function Pill({ filter, scroller }: { filter: ListFilter; scroller: RefObject<HTMLDivElement | null> }) {
  const name = useMemo(() => listName(filter), [filter]);
  const waiting = useWaiting(name);
  const counts = { added: waiting.added.size, moved: waiting.moved.size, gone: waiting.gone.size };
  const some = counts.added + counts.moved + counts.gone > 0;
  useEffect(() => {
    if (!some) {
      return undefined;
    }
    const keys = (event: KeyboardEvent): void => {
      if (event.key === '.' && !(event.target instanceof HTMLElement && event.target.matches('input, textarea'))) {
        takeWaiting(filter);
      }
    };
    window.addEventListener('keydown', keys);
    const stop = whenCalm(scroller, () => takeWaiting(filter));
    return () => {
      window.removeEventListener('keydown', keys);
      stop();
    };
  }, [some, filter, scroller]);
  if (!some) {
    return null;
  }
  return (
    <button type="button" className={css['pill']} onClick={() => takeWaiting(filter)} title={text.episodes.pillHint}>
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
