import { useRef, type MouseEvent, type PointerEvent } from 'react';

import { useLocation } from '../../address';
import { useMayEdit } from '../../session';
import { text } from '../../text';
import { StatusIcon, StatusInk } from '../../ui';
import type { Episode } from '../store/episode';
import { countOf, toggle, useSelection } from '../store/selection';
import { AirDate, Marked } from './cells';
import { Looking } from './Looking';
import css from './PhoneRow.module.css';

/** A row of two lines: the title, then number, status and air date. */
export function PhoneRow({ episode, focusable, order }: { episode: Episode; focusable: boolean; order: readonly string[] }) {
  const mayEdit = useMayEdit();
  const [, go] = useLocation();
  const number = text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  const line = text.episodes.phoneLine({ number, date: episode.air_date });
  const hold = useHold(() => mayEdit && toggle(episode.id, order));
  const press = (): void => {
    if (hold.held()) {
      return;
    }
    if (countOf(useSelection.getState()) > 0) {
      toggle(episode.id, order);
    } else {
      go(`/episodes/${episode.id}`);
    }
  };
  return (
    // The grid handles the keys of all its cells.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div className={css['cell']} role="gridcell" onClick={press} {...hold.handlers} tabIndex={focusable ? 0 : -1} data-cell={`${episode.id} title`}>
      <span className={css['icon']}>
        <StatusIcon status={episode.status} />
      </span>
      <span className={`cut ${css['title']}`} dir="auto">
        <Marked id={episode.id} field="title">
          {episode.title}
        </Marked>
      </span>
      <span className={css['looking']}>
        <Looking id={episode.id} />
      </span>
      <span className={`cut ${css['line']}`}>
        {line.before}
        <Marked id={episode.id} field="status">
          <StatusInk status={episode.status} />
        </Marked>
        {line.after}
        {line.date && (
          <Marked id={episode.id} field="air_date">
            <AirDate episode={episode} />
          </Marked>
        )}
      </span>
    </div>
  );
}

const holdTime = 450; // ms that a finger rests until the row is selected

/** Calls back when a finger rests on something, and tells the click that follows. */
function useHold(callback: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const done = useRef(false);
  const end = (): void => clearTimeout(timer.current);
  const begin = ({ pointerType }: PointerEvent): void => {
    done.current = false;
    end();
    if (pointerType === 'touch') {
      timer.current = setTimeout(() => {
        done.current = true;
        callback();
      }, holdTime);
    }
  };
  const menu = (event: MouseEvent): void => {
    if (done.current) {
      event.preventDefault();
    }
  };
  return { held: () => done.current, handlers: { onPointerDown: begin, onPointerUp: end, onPointerCancel: end, onPointerMove: end, onContextMenu: menu } };
}
