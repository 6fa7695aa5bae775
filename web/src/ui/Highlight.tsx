import { useEffect, useRef, type ReactNode } from 'react';

import css from './Highlight.module.css';

/** What a mark tells of itself: see live/marks. */
interface Seen {
  seenAt: number | undefined;
}

interface HighlightProps<M extends Seen> {
  mark: M | undefined;
  onSeen: (mark: M) => void;
  onEnd: (mark: M) => void;
  /** Without the stroke: for what says by itself that it is new, such as whose change it was. */
  bare?: boolean;
  children: ReactNode;
}

/** The highlighter, over words that somebody else has just changed. It fades once they were on the screen for a while. */
export function Highlight<M extends Seen>({ mark, onSeen, onEnd, bare = false, children }: HighlightProps<M>) {
  const words = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = words.current;
    if (!element || !mark) {
      return undefined;
    }
    return whenSeen(element, () => {
      onSeen(mark);
      element.style.animationDelay = `${Math.min(0, (mark.seenAt ?? Date.now()) - Date.now())}ms`;
      element.classList.add(css['fading'] ?? '');
    });
  }, [mark, onSeen]);
  if (!mark) {
    return children;
  }
  return (
    <span className={bare ? css['bare'] : css['highlight']} ref={words} onAnimationEnd={() => onEnd(mark)} {...(bare ? {} : { 'data-mark': true })}>
      {children}
    </span>
  );
}

/** Calls back once an element is on the screen of a visible tab. */
function whenSeen(element: Element, callback: () => void): () => void {
  let inView = false;
  const check = (): void => {
    if (inView && !document.hidden) {
      stop();
      callback();
    }
  };
  const observer = new IntersectionObserver(([entry]) => {
    inView = entry?.isIntersecting ?? false;
    check();
  });
  const stop = (): void => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', check);
  };
  observer.observe(element);
  document.addEventListener('visibilitychange', check);
  return stop;
}
