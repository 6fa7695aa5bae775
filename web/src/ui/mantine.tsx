import './mantine.css';

import { MantineProvider, Menu, Popover } from '@mantine/core';
import { useLayoutEffect, type ReactNode, type RefCallback } from 'react';

// What menus and popovers are made of. It is imported when the first one opens, or while the page has nothing else to do.

export { Menu, Popover };

/** Mantine sets no attribute and writes no style: theme.js and the style sheets do, as the policy wants it. */
const noRoot = (): undefined => undefined;

export function Themed({ children }: { children: ReactNode }) {
  return (
    <MantineProvider withCssVariables={false} withGlobalClasses={false} getRootElement={noRoot}>
      {children}
    </MantineProvider>
  );
}

interface AnchorProps {
  at: HTMLElement;
  /** Told once Mantine knows the element. */
  onThere: () => void;
  /** Given by Mantine, as to any target. */
  ref?: RefCallback<HTMLElement>;
}

/** The target of Mantine, which draws nothing: it stands for the element that was on the page before Mantine was. */
export function Anchor({ at, onThere, ref }: AnchorProps) {
  useLayoutEffect(() => {
    ref?.(at);
    onThere();
  }, [ref, at, onThere]);
  return null;
}
