import { useEffect, useState } from 'react';

import { text } from '../text';
import css from './Skeleton.module.css';

const quiet = 150; // ms: what loads faster shows nothing

/** Rows in the place of a list that is being read, in the height of its rows. */
export function Skeleton({ rows, height }: { rows: number; height: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), quiet);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={text.loading}>
      {shown &&
        Array.from({ length: rows }, (_, i) => (
          <div key={i} className={css['row']} style={{ height }}>
            <i className={css['short']} />
            <i className={css['picture']} />
            <i className={css['long']} />
            <i className={css['middle']} />
          </div>
        ))}
    </div>
  );
}
