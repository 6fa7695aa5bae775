import { useSyncExternalStore } from 'react';

import { serverNow } from '../client';

// One clock for all times of the page that say how long ago something was.

const period = 30_000; // ms

let now = serverNow();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = serverNow();
    timer = setInterval(() => {
      now = serverNow();
      listeners.forEach((tell) => tell());
    }, period);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time to the last half minute, in milliseconds. Whoever uses it is drawn anew when it goes on. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
