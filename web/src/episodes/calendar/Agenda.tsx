import type { ReactNode } from 'react';

import { Link } from '../../address';
import { useRecord } from '../../live';
import { useShows } from '../../shows/shared';
import { longDate, text } from '../../text';
import { calendarText } from '../../text/views';
import { StatusIcon, StatusInk } from '../../ui';
import { episodes } from '../store/episode';
import type { Loaded } from '../store/place';
import { Marked } from '../table/cells';
import css from './Agenda.module.css';

interface AgendaProps {
  days: readonly string[];
  today: string;
  byDay: ReadonlyMap<string, readonly string[]>;
  undated: Loaded;
  children: ReactNode;
}

/** On phones, below the month: what airs on which day, and what has none. */
export function Agenda({ days, today, byDay, undated, children }: AgendaProps) {
  return (
    <div className={css['agenda']}>
      {children}
      {days.map((day) => {
        const ids = byDay.get(day);
        return ids && <Section key={day} title={longDate(day, today)} ids={ids} />;
      })}
      {undated.ids.length > 0 && <Section title={calendarText.noDate} ids={undated.ids} />}
    </div>
  );
}

function Section({ title, ids }: { title: string; ids: readonly string[] }) {
  return (
    <section aria-label={title}>
      <h2 className={css['day']}>{title}</h2>
      <Lines ids={ids} />
    </section>
  );
}

export function Lines({ ids }: { ids: readonly string[] }) {
  return (
    <ul>
      {ids.map((id) => (
        <Line key={id} id={id} />
      ))}
    </ul>
  );
}

function Line({ id }: { id: string }) {
  const episode = useRecord(episodes, id);
  const shows = useShows();
  if (!episode) {
    return null;
  }
  const show = shows.find((one) => one.id === episode.show_id)?.title ?? '';
  const number = text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  return (
    <li>
      <Link href={`/episodes/${id}`} className={css['line']}>
        <StatusIcon status={episode.status} />
        <span className={css['words']}>
          <span className={`cut ${css['title']}`} dir="auto">
            <Marked id={id} field="title">
              {episode.title}
            </Marked>
          </span>
          <span className={`cut ${css['place']}`}>
            {calendarText.place({ show, number })}
            <Marked id={id} field="status">
              <StatusInk status={episode.status} />
            </Marked>
          </span>
        </span>
      </Link>
    </li>
  );
}
