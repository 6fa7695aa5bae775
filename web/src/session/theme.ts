// The theme of this device. theme.js applies it: before the first paint, and whenever it is told that it changed.

import { device } from '../client';

export type Theme = 'light' | 'dark' | 'system';

const key = 'callboard.theme';

export function chosenTheme(): Theme {
  const chosen = device.get(key);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') {
    device.remove(key);
  } else {
    device.set(key, theme);
  }
  window.dispatchEvent(new Event('callboard:theme'));
}
