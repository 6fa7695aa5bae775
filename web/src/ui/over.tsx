import { cloneElement, createContext, useCallback, useContext, useEffect, useId, useMemo, useState, type MouseEvent, type ReactElement, type ReactNode } from 'react';

import { noPart } from './toast';

// What menus and popovers have in common. Mantine draws them, which is a fifth of all scripts, so it is not part of the first load: until the
// first one opens there is the element alone that opens it.

type Mantine = typeof import('./mantine');

let mantine: Mantine | undefined;

/** Imports what draws menus and popovers. */
export async function loadMantine(): Promise<Mantine> {
  mantine = await import('./mantine');
  return mantine;
}

/** The parts of Mantine. What asks for them is within something open, so they are there. */
export function parts(): Mantine {
  if (!mantine) {
    throw new Error('a part of a menu outside of one');
  }
  return mantine;
}

interface Opening {
  id: string;
  popup: 'menu' | 'dialog';
  toggles: boolean;
  opened: boolean;
  change: (opened: boolean) => void;
  /** The element that opens it. */
  target: HTMLElement | null;
  setTarget: (element: HTMLElement | null) => void;
  /** Undefined until it opened for the first time. */
  drawn: Mantine | undefined;
}

const Context = createContext<Opening | undefined>(undefined);

function useOpening(): Opening {
  const opening = useContext(Context);
  if (!opening) {
    throw new Error('a part of a menu outside of one');
  }
  return opening;
}

interface OverProps {
  /** What opens. */
  popup: 'menu' | 'dialog';
  /** Whether a press of the element opens and closes; else it does so by itself. */
  toggles: boolean;
  /** Whether it is open, where that is kept elsewhere. */
  opened?: boolean | undefined;
  onChange?: ((opened: boolean) => void) | undefined;
  children: ReactNode;
}

/** Around the element that opens something, and what it opens. */
export function Over({ popup, toggles, opened: wanted, onChange, children }: OverProps) {
  const id = useId();
  const [own, setOwn] = useState(false);
  const [target, setTarget] = useState<HTMLElement | null>(null);
  const opened = wanted ?? own;
  const change = useCallback(
    (to: boolean): void => {
      setOwn(to);
      onChange?.(to);
    },
    [onChange, setOwn],
  );
  const drawn = useMantine(opened, change);
  const opening = useMemo(() => ({ id, popup, toggles, opened, change, target, setTarget, drawn }), [id, popup, toggles, opened, change, target, setTarget, drawn]);
  return <Context value={opening}>{children}</Context>;
}

/** Mantine, from the first time on that something is open. */
function useMantine(opened: boolean, change: (opened: boolean) => void): Mantine | undefined {
  const [drawn, setDrawn] = useState<Mantine>();
  if (opened && !drawn && mantine) {
    setDrawn(mantine);
  }
  useEffect(() => {
    if (opened && !drawn) {
      loadMantine().then(setDrawn, () => {
        change(false);
        noPart();
      });
    }
  }, [opened, drawn, change, setDrawn]);
  return drawn;
}

interface Pressed {
  onClick?: ((event: MouseEvent) => void) | undefined;
}

/** The element that opens it, a button. */
export function Target({ children }: { children: ReactElement<Pressed> }) {
  const { id, popup, toggles, opened, change, setTarget } = useOpening();
  const given: Pressed & Record<string, unknown> = {
    'aria-haspopup': popup,
    'aria-expanded': opened,
    'aria-controls': opened ? `${id}-dropdown` : undefined,
    id,
    ref: setTarget,
    onClick: (event) => {
      children.props.onClick?.(event);
      if (toggles) {
        change(!opened);
      }
    },
  };
  return cloneElement(children, given);
}

/**
 * What draws it, once that is there, and whether it is open. Mantine is told so after it knows the element that opens it: then it notes which one
 * had the focus, and gives it back.
 */
export function useDrawn() {
  const opening = useOpening();
  const [there, setThere] = useState(false);
  const onThere = useCallback(() => setThere(true), [setThere]);
  return { ...opening, opened: opening.opened && there, onThere };
}
