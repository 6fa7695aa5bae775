import { create } from 'zustand';

import { device } from '../client';

const key = 'callboard.folded';

/** Whether the sidebar is folded on this device, where there is room for all of it. */
export const useFolded = create<{ folded: boolean }>(() => ({ folded: device.get(key) === '1' }));

/** Below this width it is a rail, whatever was chosen. */
export const narrow = '(max-width: 1099px)';

export function fold(): void {
  if (!window.matchMedia(narrow).matches) {
    const folded = !useFolded.getState().folded;
    device.set(key, folded ? '1' : '');
    useFolded.setState({ folded });
  }
}
