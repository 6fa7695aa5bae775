import { useCallback, useSyncExternalStore, type RefObject, useEffect, useState } from 'react';

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Whether the board is on a phone: rows of two lines, the bar at the bottom. */
export function usePhone(): boolean {
  return useMedia('(max-width: 767px)');
}

/** The width of an element in whole steps, so that a drag of the window draws it a few times and not at each pixel. */
export function useWidth(element: RefObject<HTMLElement | null>, step = 20): number {
  const [width, setWidth] = useState(() => window.innerWidth);
  useEffect(() => {
    const watched = element.current;
    if (!watched) {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor((entry?.contentRect.width ?? 0) / step) * step));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element, step]);
  return width;
}
