import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import css from './Empty.module.css';

/** In the place of a list: why there is nothing, and what to do about it. */
export function Empty({ icon: Icon, title, children, acts }: { icon?: Icon; title: string; children?: ReactNode; acts?: ReactNode }) {
  return (
    <div className={css['empty']}>
      {Icon && <Icon size={28} stroke={1.5} aria-hidden="true" />}
      <h2 className={css['title']}>{title}</h2>
      {children && <p className={css['why']}>{children}</p>}
      {acts && <div className={css['acts']}>{acts}</div>}
    </div>
  );
}
