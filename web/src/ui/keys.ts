import { useEffect } from 'react';

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that undoes, as it is written on this machine. */
export const undoKey = apple ? '⌘Z' : 'Ctrl Z';

/** The key of commands, as it is written on this machine. */
export const commandKey = apple ? '⌘' : 'Ctrl';

/** Whether a key, or what is pasted, goes to where something is being written, or to a menu or a dialog, and so is no shortcut. */
export function isTyping({ target }: Event): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type=checkbox]), textarea, select, [role=menu], [role=dialog], dialog') !== null);
}

/** Whether a key is a shortcut of one letter or sign. Enter, Escape, arrows and the like are none: what has the focus needs them. */
export function isSingle(event: KeyboardEvent): boolean {
  return event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event);
}

/** While single keys are off, nobody hears one: it ends before it comes to anything on the page. */
export function useNoSingleKeys(off: boolean): void {
  useEffect(() => {
    if (!off) {
      return undefined;
    }
    const end = (event: KeyboardEvent): void => {
      if (isSingle(event)) {
        event.stopImmediatePropagation();
      }
    };
    window.addEventListener('keydown', end, { capture: true });
    return () => window.removeEventListener('keydown', end, { capture: true });
  }, [off]);
}
