import { useRef, useState } from 'react';

/** An act that is under way once at a time: a second click, or Enter held down, does nothing until it has ended. The act says itself what went wrong. */
export function useOnce(act: () => Promise<unknown>): [run: () => void, busy: boolean] {
  const under = useRef(false); // two clicks may come before the state is drawn
  const [busy, setBusy] = useState(false);
  const run = (): void => {
    if (under.current) {
      return;
    }
    under.current = true;
    setBusy(true);
    void act().finally(() => {
      under.current = false;
      setBusy(false);
    });
  };
  return [run, busy];
}
