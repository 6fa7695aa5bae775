import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import css from './import.module.css';

/** The big sentence of a step: how it came out. It is announced. */
export function Says({ look, icon: Sign, title, why }: { look: 'ok' | 'warn' | 'bad' | 'now'; icon: Icon; title: string; why?: ReactNode }) {
  return (
    <div className={css['says-big']} role="status">
      <span className={`${css['round']} ${css[look]}`}>
        <Sign size={20} stroke={2} aria-hidden="true" />
      </span>
      <div>
        <h2 className={css['big']}>{title}</h2>
        {why && <p className={css['mute']}>{why}</p>}
      </div>
    </div>
  );
}
