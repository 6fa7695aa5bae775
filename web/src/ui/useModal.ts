import { useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** What has the focus; of an entry of a menu, which goes with its menu, what opened that. */
function opener(): HTMLElement | null {
  const { activeElement } = document;
  const menu = activeElement?.closest('[role=menu]');
  const from = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : activeElement;
  return from instanceof HTMLElement ? from : null;
}

/** Shows a dialog over the page for as long as it is drawn. What had the focus has it again afterwards: browsers see to that only for a dialog that is closed before it goes. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  const [from] = useState(opener); // before the dialog is there, and a menu has gone
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      from?.focus({ preventScroll: true });
    };
  }, [from]);
  return dialog;
}
