const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that undoes, as it is written on this machine. */
export const undoKey = apple ? '⌘Z' : 'Ctrl Z';

/** Whether a key goes to where something is being written, or to a menu or a dialog, and so is no shortcut. */
export function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type=checkbox]), textarea, select, [role=menu], [role=dialog]') !== null);
}
