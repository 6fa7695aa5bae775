import { create } from 'zustand';

const key = 'callboard.folded';

/** Whether the side bar is folded on this device, where there is room for all of it. */
export const useFolded = create<{ folded: boolean }>(() => ({ folded: localStorage.getItem(key) === '1' }));

/** Below this width it is a rail, whatever was chosen. */
export const narrow = '(max-width: 1099px)';

export function fold(): void {
  if (!window.matchMedia(narrow).matches) {
    const folded = !useFolded.getState().folded;
    localStorage.setItem(key, folded ? '1' : '');
    useFolded.setState({ folded });
  }
}
