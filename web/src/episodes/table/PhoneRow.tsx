import { useLocation } from '../../address';
import { text } from '../../text';
import { StatusIcon, StatusInk } from '../../ui';
import type { Episode } from '../store/episode';
import { AirDate, Marked } from './cells';
import { Looking } from './Looking';
import css from './PhoneRow.module.css';

/** A row of two lines: the title, then number, status and air date. */
export function PhoneRow({ episode, focusable }: { episode: Episode; focusable: boolean }) {
  const [, go] = useLocation();
  const number = text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  const line = text.episodes.phoneLine({ number, date: episode.air_date });
  return (
    // The grid handles the keys of all its cells.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div className={css['cell']} role="gridcell" onClick={() => go(`/episodes/${episode.id}`)} tabIndex={focusable ? 0 : -1} data-cell={`${episode.id} title`}>
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
