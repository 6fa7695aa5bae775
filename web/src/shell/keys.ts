import { useEffect } from 'react';

import { useLocation } from '../address';
import { chooseTheme } from '../session';
import { isSingle } from '../ui';
import { fold } from './folded';
import { layers } from './layers';
import { entriesOf } from './places';

/** The letter after G that leads to a place. */
const letters: Record<string, string> = { '/inbox': 'I', '/episodes': 'E', '/activity': 'A', '/jobs': 'J', '/people': 'P' };

/** The keys that lead to a place. */
export function goKeys(to: string): readonly string[] {
  const letter = letters[to];
  return letter ? ['G', letter] : [];
}

const within = 1500; // ms from G to the letter

/** What the keys do on every page: the palette, the shortcuts, places, the sidebar, the theme. */
export function useKeys(mayEdit: boolean, single: boolean): void {
  const [, go] = useLocation();
  useEffect(() => {
    let pressed = 0;
    const keys = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        layers.open('palette');
        return;
      }
      if (!single || !isSingle(event) || event.defaultPrevented) {
        return;
      }
      const place = Date.now() - pressed < within ? entriesOf(mayEdit).find(({ to }) => letters[to] === event.key.toUpperCase()) : undefined;
      pressed = event.key === 'g' ? Date.now() : 0;
      const dark = document.documentElement.dataset['theme'] === 'dark';
      const acts: Record<string, () => void> = {
        '?': () => layers.open('shortcuts'),
        '[': fold,
        L: () => chooseTheme(dark ? 'light' : 'dark'),
      };
      const act = place ? () => go(place.to) : acts[event.key];
      if (act) {
        event.preventDefault();
        event.stopImmediatePropagation(); // the letter after G is no key of the page
        act();
      }
    };
    window.addEventListener('keydown', keys, { capture: true });
    return () => window.removeEventListener('keydown', keys, { capture: true });
  }, [mayEdit, single, go]);
}
