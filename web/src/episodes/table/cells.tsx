import { memo, type ReactNode } from 'react';

import { Link } from '../../address';
import { useNow } from '../../live';
import { useZone } from '../../session';
import { ago, date, dayNumber, exactTime, list, text, today } from '../../text';
import { Avatar, Highlight, StatusWord } from '../../ui';
import { ShowSquare, useShows } from '../../shows/shared';
import type { ColumnId } from '../address';
import { useMarks, type Mark } from '../../live';
import { KeptMark } from '../KeptStrip';
import { episodeMarks, type Episode } from '../store/episode';
import css from './cells.module.css';
import { Looking } from './Looking';

type Field = keyof Episode;

const seen = (mark: Mark): void => episodeMarks.seen(mark);

/** Words of an episode that carry the highlighter while somebody else has just changed the field, and a pen while it is not saved yet. */
export function Marked({ id, field, children }: { id: string; field: Field; children: ReactNode }) {
  const mark = useMarks(episodeMarks, id).get(field);
  return (
    <>
      <Highlight mark={mark} onSeen={seen} onEnd={(ended) => episodeMarks.end(id, field, ended)}>
        {children}
      </Highlight>
      <KeptMark id={id} field={field} />
    </>
  );
}

/** What stands in a cell at rest. */
export const Cell = memo(function Cell({ column, episode, hints }: { column: ColumnId; episode: Episode; hints: boolean }) {
  const { id } = episode;
  switch (column) {
    case 'number':
      return (
        <span className={css['number']}>
          <Marked id={id} field="episode_number">
            {text.episodes.number({ season: episode.season_number, episode: episode.episode_number })}
          </Marked>
        </span>
      );
    case 'title':
      return <TitleWords episode={episode} />;
    case 'show':
      return <ShowName id={episode.show_id} />;
    case 'status':
      return (
        <StatusWord status={episode.status}>
          <Marked id={id} field="status">
            {text.status[episode.status]}
          </Marked>
        </StatusWord>
      );
    case 'air_date':
      return (
        <span className={css['air']}>
          <Marked id={id} field="air_date">
            <AirDate episode={episode} />
          </Marked>
          {hints && <AirHint episode={episode} />}
        </span>
      );
    case 'categories':
      return (
        <span className={`cut ${css['categories']}`} title={list(episode.categories)}>
          <Marked id={id} field="categories">
            {episode.categories.join(', ')}
          </Marked>
        </span>
      );
    case 'looking':
      return <Looking id={id} />;
    case 'changed':
      return <Changed episode={episode} />;
    case 'created':
      return <Ago at={episode.created_at} />;
    case 'version':
      return <span className={css['faint']}>{episode.version}</span>;
  }
});

function TitleWords({ episode }: { episode: Episode }) {
  return (
    <span className={css['title']}>
      <Picture url={episode.thumbnail_url} />
      <span className="cut" dir="auto" title={episode.title}>
        <Link href={`/episodes/${episode.id}`} tabIndex={-1} onClick={(event) => event.stopPropagation()}>
          <Marked id={episode.id} field="title">
            {episode.title}
          </Marked>
        </Link>
      </span>
    </span>
  );
}

/** The picture of an episode, small; an empty slot stays quiet. */
export function Picture({ url }: { url: string | null }) {
  return <span className={css['picture']}>{url && <img src={url} alt="" loading="lazy" onError={(event) => event.currentTarget.remove()} />}</span>;
}

function ShowName({ id }: { id: string | null }) {
  const shows = useShows();
  if (id === null) {
    return null;
  }
  return (
    <span className={css['show']}>
      <ShowSquare id={id} />
      <span className="cut">{shows.find((show) => show.id === id)?.title ?? ''}</span>
    </span>
  );
}

/** An air date is a date and no instant: no zone shifts it. */
export function AirDate({ episode }: { episode: Episode }) {
  const now = useNow();
  const zone = useZone();
  if (episode.air_date === null) {
    return <span className={css['faint']}>{text.episodes.noDate}</span>;
  }
  return date(episode.air_date, today(now, zone));
}

const near = 14; // days ahead of which it is said how many there are
const soon = 7; // days ahead within which an episode that is not published is pressing

function AirHint({ episode: { air_date: day, status } }: { episode: Episode }) {
  const now = useNow();
  const zone = useZone();
  if (day === null || status === 'published' || status === 'archived') {
    return null;
  }
  const days = dayNumber(day) - dayNumber(today(now, zone));
  if (days < 0) {
    return status === 'rejected' ? null : <small className={css['late']}>{text.time.lateBy({ days: -days })}</small>;
  }
  if (days > near) {
    return null;
  }
  const words = days === 0 ? text.time.today : days === 1 ? text.time.tomorrow : text.time.inDays({ days });
  return <small className={days <= soon ? css['soon'] : css['later']}>{words}</small>;
}

function Changed({ episode }: { episode: Episode }) {
  const mark = useMarks(episodeMarks, episode.id).get('');
  return (
    <span className={css['changed']}>
      {mark && (
        <Highlight mark={mark} onSeen={seen} onEnd={(ended) => episodeMarks.end(episode.id, '', ended)} bare>
          <Avatar person={{ id: mark.userId, name: mark.name }} size="small" />
        </Highlight>
      )}
      <Ago at={episode.updated_at} />
    </span>
  );
}

/** How long ago it was, exact on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  const zone = useZone();
  const time = Date.parse(at);
  return (
    <time className={css['faint']} dateTime={at} title={exactTime(time, zone)}>
      {ago(time, now, zone) ?? text.time.now}
    </time>
  );
}
