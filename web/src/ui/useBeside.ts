import { useRef, type MouseEvent, type PointerEvent } from 'react';

/** Closes a dialog by a press beside it. The selection of words in one of its fields that ends beside it is none: that would take away what was typed. */
export function useBeside(onClose: (() => void) | undefined) {
  const pressed = useRef<EventTarget>(null);
  return {
    onPointerDown: ({ target }: PointerEvent) => {
      pressed.current = target;
    },
    onClick: ({ target, currentTarget }: MouseEvent) => {
      if (target === currentTarget && pressed.current === currentTarget) {
        onClose?.();
      }
    },
  };
}
