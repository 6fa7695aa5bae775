import { useInViewport } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { createElement, Fragment, memo, useEffect, type RefObject } from 'react';

import { Link } from '../address';
import { useEpisode } from '../episodes/shared';
import { useAboutOf } from '../jobs/shared';
import { useNow, useRecord } from '../live';
import { useZone } from '../session';
import { useShows } from '../shows/shared';
import { ago, clock, dayNumber, exactTime, longDay, text, today, type Sentence, type Status } from '../text';
import { inboxText } from '../text/inbox';
import { Avatar } from '../ui';
import { episodeOf } from './api';
import { notes, type Note } from './store/note';
import { byPerson, changedFields, changesOf, iconOf, plain, sentenceOf } from './words';
import css from './NoteList.module.css';

interface NoteListProps {
  ids: readonly string[];
  open: string;
  chosen: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onEnd: () => void;
  scroller: RefObject<HTMLDivElement | null>;
}

const ahead = 600; // pixels before the end at which the next page is read

/** The notes, the newest first, under their days. */
export function NoteList({ ids, open, chosen, onToggle, onEnd, scroller }: NoteListProps) {
  const now = useNow();
  const zone = useZone();
  useEffect(() => {
    const list = scroller.current;
    const look = (): void => {
      if (list && list.scrollHeight - list.scrollTop - list.clientHeight < ahead) {
        onEnd();
      }
    };
    look();
    list?.addEventListener('scroll', look, { passive: true });
    return () => list?.removeEventListener('scroll', look);
  }, [scroller, onEnd]);
  const stop = ids.includes(open) ? open : ids[0];
  const dayOf = (id: string | undefined): string => today(Date.parse(notes.get(id ?? '')?.created_at ?? '') || now, zone);
  return (
    <ul className={css['list']} aria-label={inboxText.label}>
      {ids.map((id, i) => (
        <Fragment key={id}>
          {dayOf(id) !== dayOf(ids[i - 1]) && <li className={css['day']}>{dayName(dayOf(id), now, zone)}</li>}
          <Row id={id} open={id === open} stop={id === stop} chosen={chosen.has(id)} choosing={chosen.size > 0} onToggle={onToggle} />
        </Fragment>
      ))}
    </ul>
  );
}

function dayName(day: string, now: number, zone: string): string {
  const days = dayNumber(today(now, zone)) - dayNumber(day);
  return days === 0 ? inboxText.today : days === 1 ? inboxText.yesterday : longDay(Date.parse(day), 'UTC');
}

interface RowProps {
  id: string;
  open: boolean;
  /** Whether Tab comes here: one of the list is where it stops. */
  stop: boolean;
  chosen: boolean;
  choosing: boolean;
  onToggle: (id: string) => void;
}

const Row = memo(function Row({ id, open, stop, chosen, choosing, onToggle }: RowProps) {
  const note = useRecord(notes, id);
  const search = new URLSearchParams(window.location.search);
  search.set('id', id);
  if (!note) {
    return null;
  }
  const unread = note.read_at === undefined;
  const sentence = sentenceOf(note);
  const className = [css['note'], unread && css['new'], open && css['open'], chosen && css['chosen'], choosing && css['choosing']].filter(Boolean).join(' ');
  return (
    <li className={className}>
      <button type="button" role="checkbox" aria-checked={chosen} aria-label={inboxText.select({ what: plain(sentence) })} className={css['select']} tabIndex={-1} onClick={() => onToggle(id)}>
        <Sign note={note} />
        <span className={css['box']} aria-hidden="true">
          {chosen && <IconCheck size={12} stroke={3} />}
        </span>
      </button>
      <Link href={`/inbox?${search.toString()}`} replace={search.has('id') && open} className={css['link']} data-note={id} tabIndex={stop ? 0 : -1} aria-current={open ? 'true' : undefined}>
        <span className={css['words']}>
          <span className={css['sentence']}>
            <Words sentence={sentence} />
          </span>
          <Hint note={note} />
        </span>
        <span className={css['end']}>
          <When at={note.created_at} />
          {note.count > 1 && note.type !== 'digest' && <span className={css['count']}>{inboxText.changes({ n: note.count })}</span>}
        </span>
        {unread ? <span className={css['dot']} role="img" aria-label={inboxText.isUnread} /> : <span />}
      </Link>
    </li>
  );
});

/** Who it was, or what became of a job. */
export function Sign({ note }: { note: Note }) {
  if (!byPerson(note)) {
    return (
      <span className={`${css['sign']} ${css[note.type] ?? ''} ${note.priority === 'urgent' ? css['urgent'] : ''}`}>
        {createElement(iconOf(note), { size: 16, stroke: 1.75, 'aria-hidden': true })}
      </span>
    );
  }
  return (
    <span className={css['person']}>
      <Avatar person={{ id: note.actor_id, name: note.actor_name || text.someone }} size="medium" />
      <span className={css['badge']}>
        {createElement(iconOf(note), { size: 10, stroke: 2.2, 'aria-hidden': true })}
      </span>
    </span>
  );
}

export function Words({ sentence }: { sentence: Sentence }) {
  return sentence.map((part, i) => (typeof part === 'string' ? <Fragment key={i}>{part}</Fragment> : <b key={i}>{part.name}</b>));
}

/** The second line: what changed, or where it is. */
function Hint({ note }: { note: Note }) {
  const words = useHint(note);
  if (note.priority === 'urgent') {
    return (
      <span className={`${css['hint']} ${css['urgent']}`}>
        <IconAlertTriangle size={12} stroke={2} aria-hidden="true" />
        {inboxText.urgent}
      </span>
    );
  }
  if (note.resource_type === 'job') {
    return <JobHint note={note} more={words} />;
  }
  return words ? <span className={css['hint']}>{words}</span> : null;
}

/** What the job was about, which is read once the note is in view, and why it failed. */
function JobHint({ note: { resource_id: id }, more }: { note: Note; more: string }) {
  const { ref, inViewport } = useInViewport();
  const about = useAboutOf(inViewport ? id : '');
  return (
    <span ref={ref} className={css['hint']}>
      {[about, more].filter(Boolean).join(': ') || '\u00a0'}
    </span>
  );
}

function useHint(note: Note): string {
  const shows = useShows();
  const { type, data } = note;
  const episode = useEpisodeTitle(type.startsWith('file_') ? episodeOf(note) : undefined);
  const status = changesOf(note)['status'];
  if (type === 'job_failed') {
    return typeof data['error'] === 'string' ? data['error'] : '';
  }
  if (/^(episode|show)_updated$/.test(type)) {
    const names = changedFields(note);
    return names.length === 1 && status ? inboxText.statusChange({ from: statusName(status.old), to: statusName(status.new) }) : inboxText.changed({ names });
  }
  if (type.startsWith('episode_')) {
    const show = shows.find(({ id }) => id === data['show_id'])?.title ?? '';
    return inboxText.place({ show, number: text.episodes.number({ season: numberOf(data['season_number']), episode: numberOf(data['episode_number']) }) });
  }
  return episode;
}

function useEpisodeTitle(id: string | undefined): string {
  return useEpisode(id)?.title ?? '';
}

export function statusName(value: unknown): string {
  return text.status[value as Status] ?? String(value);
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** When it was: how long ago on the day itself, else the time under the day. */
function When({ at }: { at: string }) {
  const now = useNow();
  const zone = useZone();
  const time = Date.parse(at);
  const same = today(time, zone) === today(now, zone);
  return (
    <time dateTime={at} title={exactTime(time, zone)}>
      {same ? (ago(time, now, zone) ?? text.time.now) : clock(time, zone)}
    </time>
  );
}
