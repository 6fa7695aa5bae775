import { useRef, type ReactNode } from 'react';

import { useMayEdit } from '../../session';
import { text } from '../../text';
import { calendarText } from '../../text/views';
import { Button } from '../../ui';
import { useCarry } from '../move/carry';
import { useDropTarget } from '../move/drag';
import { useCursor } from '../store/cursor';
import type { Episode } from '../store/episode';
import type { Loaded } from '../store/place';
import { Chip } from './Chip';
import css from './Tray.module.css';

/** The episodes without an air date. Dropped here, one has none any more. */
export function Tray({ loaded: { ids, more }, onMore, onDrop, children }: { loaded: Loaded; onMore: () => void; onDrop: (began: Episode, place: string) => void; children: ReactNode }) {
  const tray = useRef<HTMLElement>(null);
  useDropTarget(tray, '');
  const mayEdit = useMayEdit();
  const over = useCarry(({ carry }) => carry?.over === '' && carry.began.air_date !== null);
  const cursor = useCursor(({ at }) => at?.key);
  const entry = cursor !== undefined && ids.includes(cursor) ? cursor : ids[0];
  return (
    <aside className={over ? `${css['tray']} ${css['over']}` : css['tray']} ref={tray} aria-label={calendarText.noDate} data-day="">
      {children}
      <div className={css['head']}>
        <h2>{calendarText.noDate}</h2>
        <span className={css['count']}>{more ? text.episodes.loadedSoFar({ n: ids.length }) : ids.length}</span>
      </div>
      {ids.length > 0 && (
        <ul className={css['chips']}>
          {ids.map((id) => (
            <Chip key={id} id={id} of={1} entry={entry === id} onDrop={onDrop} />
          ))}
        </ul>
      )}
      {more && (
        <Button size="small" onClick={onMore}>
          {calendarText.trayMore}
        </Button>
      )}
      {mayEdit && <p className={css['hint']}>{calendarText.trayHint}</p>}
    </aside>
  );
}
