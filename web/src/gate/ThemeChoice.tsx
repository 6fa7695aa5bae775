import { useState } from 'react';

import { chooseTheme, chosenTheme, type Theme } from '../session';
import { text } from '../text';
import css from './Slip.module.css';

const themes: readonly Theme[] = ['light', 'dark', 'system'];

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <div className={css['themes']} role="group" aria-label={text.me.theme}>
      {themes.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === theme}
          onClick={() => {
            chooseTheme(one);
            setTheme(one);
          }}
        >
          {text.me.themes[one]}
        </button>
      ))}
    </div>
  );
}
