import { IconAlertTriangle, IconArrowNarrowRight, IconBan, IconBolt, IconCheck, IconClock, type Icon } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { useMarks, useNow } from '../../live';
import { useZone } from '../../session';
import { ago, clock, date, dayNumber, exactTime, longDay, text, today, type Status } from '../../text';
import { Avatar, Button, Highlight, StatusWord } from '../../ui';
import type { Episode } from '../../episodes/shared';
import { kindName } from '../../jobs/shared';
import { onlies, type Only } from '../address';
import { around, diffWords, type Part } from '../diff';
import { useJobs } from '../work/api';
import { valueWords } from '../values';
import { entryMarks, useChanges, useFileChanges } from './api';
import { byDay, entryOf, entryOfJob, fold, type Change, type Entry } from './entries';
import css from './Timeline.module.css';

/** What happened to an episode, newest first. */
export function Timeline({ episode, only, onOnly, jobs }: { episode: Episode; only: Only; onOnly: (only: Only) => void; jobs: boolean }) {
  const changes = useChanges(episode.id);
  const files = useFileChanges(episode.id, episode.created_at);
  const ofJobs = useJobs(episode.id).data;
  const zone = useZone();
  const now = useNow();
  const days = useMemo(() => {
    const views = [...(changes.data?.pages.flatMap(({ data }) => data) ?? []), ...(files ?? [])];
    const all = [...views.flatMap((view) => entryOf(view) ?? []), ...(ofJobs ?? []).map(entryOfJob)];
    const oldest = changes.hasNextPage ? Math.min(...all.filter(({ sort }) => sort === 'fields').map(({ at }) => at)) : -Infinity;
    const shown = all.filter(({ sort, at }) => (only === 'all' || only === sort) && at >= oldest);
    return byDay(fold(shown), (at) => today(at, zone));
  }, [changes.data, changes.hasNextPage, files, ofJobs, only, zone]);
  return (
    <>
      <div className={css['filter']} role="group" aria-label={text.episode.timeline.filter}>
        <h2 className={css['title']}>{text.episode.timeline.title}</h2>
        {onlies
          .filter((one) => jobs || one !== 'jobs')
          .map((one) => (
            <Button key={one} size="small" {...(only === one ? { on: true } : { look: 'quiet' })} aria-pressed={only === one} onClick={() => onOnly(one)}>
              {text.episode.timeline.only[one]}
            </Button>
          ))}
      </div>
      {changes.isError && !changes.data && (
        <p className={css['nothing']} role="alert">
          {text.episode.timeline.notLoaded} <Button size="small" onClick={() => void changes.refetch()}>{text.tryAgain}</Button>
        </p>
      )}
      {changes.data && days.length === 0 && <p className={css['nothing']}>{text.episode.timeline.nothing}</p>}
      {days.map(([day, entries]) => (
        <section key={day} aria-label={dayWords(day, now, zone)}>
          <h3 className={css['day']}>{dayWords(day, now, zone)}</h3>
          <ul>
            {entries.map((entry) => (
              <Line key={entry.id} entry={entry} recent={day === today(now, zone)} />
            ))}
          </ul>
        </section>
      ))}
      {changes.hasNextPage && (
        <Button size="small" look="quiet" onClick={() => void changes.fetchNextPage()}>
          {text.episode.timeline.more}
        </Button>
      )}
    </>
  );
}

function dayWords(day: string, now: number, zone: string): string {
  const away = dayNumber(today(now, zone)) - dayNumber(day);
  if (away === 0) {
    return text.episode.timeline.today;
  }
  return away === 1 ? text.episode.timeline.yesterday : longDay(Date.parse(`${day}T12:00:00Z`), 'UTC');
}

const jobIcons: Record<string, [Icon, string]> = {
  pending: [IconClock, 'waiting'],
  processing: [IconBolt, 'running'],
  completed: [IconCheck, 'done'],
  failed: [IconAlertTriangle, 'failed'],
  cancelled: [IconBan, 'cancelled'],
};

function Line({ entry, recent }: { entry: Entry; recent: boolean }) {
  const mark = useMarks(entryMarks, entry.id).get('entry');
  const [JobIcon, look] = jobIcons[entry.verb] ?? [];
  return (
    <li className={css['entry']} data-entry={entry.verb}>
      {entry.sort === 'jobs' && JobIcon ? (
        <span className={`${css['sign']} ${css[look ?? '']}`}>
          <JobIcon size={13} stroke={1.75} aria-hidden="true" />
        </span>
      ) : (
        <Avatar person={entry.by} />
      )}
      <span className={css['words']}>
        <Highlight mark={mark} onSeen={(seen) => entryMarks.seen(seen)} onEnd={(ended) => entryMarks.end(entry.id, 'entry', ended)}>
          <Sentence entry={entry} />
        </Highlight>
        {entry.application && <span className={css['tag']}>{text.episode.timeline.fromApplication}</span>}
      </span>
      <When at={entry.at} recent={recent} />
      {entry.changes.length > 0 && (
        <dl className={css['diff']}>
          {entry.changes.map((change) => (
            <Difference key={change.field} change={change} />
          ))}
        </dl>
      )}
    </li>
  );
}

function Sentence({ entry: { sort, verb, by, name = '', changes } }: { entry: Entry }) {
  const words = text.episode.timeline;
  if (sort === 'jobs') {
    return (
      <>
        <b>{kindName(name)}</b> {words.job[verb as keyof typeof words.job]({ owner: by.name })}
      </>
    );
  }
  if (sort === 'files') {
    return (
      <>
        <b>{by.name}</b> {words[verb as 'added' | 'renamed' | 'removed']} <b>{name}</b>
      </>
    );
  }
  const did = verb === 'changed' ? words.changed({ fields: changes.map(({ field }) => text.episode.fields[field] ?? field) }) : words[verb as 'created'];
  return (
    <>
      <b>{by.name}</b> {did}
    </>
  );
}

/** The time of today as how long ago, else the time of the day; exact on hover. */
function When({ at, recent }: { at: number; recent: boolean }) {
  const now = useNow();
  const zone = useZone();
  return (
    <time className={css['when']} dateTime={new Date(at).toISOString()} title={exactTime(at, zone)}>
      {recent ? (ago(at, now, zone) ?? text.time.now) : clock(at, zone)}
    </time>
  );
}

const arrow = <IconArrowNarrowRight size={12} stroke={1.75} aria-hidden="true" />;

function Difference({ change: { field, old, new: now } }: { change: Change }) {
  return (
    <>
      <dt>{text.episode.fields[field] ?? field}</dt>
      <dd>
        <Values field={field} old={old} now={now} />
      </dd>
    </>
  );
}

function Values({ field, old, now }: { field: string; old: unknown; now: unknown }) {
  if (field === 'status' && typeof old === 'string' && typeof now === 'string') {
    return (
      <>
        <StatusWord status={old as Status} />
        {arrow}
        <StatusWord status={now as Status} />
      </>
    );
  }
  if (field === 'categories') {
    return <Categories old={(old ?? []) as string[]} now={(now ?? []) as string[]} />;
  }
  if (field === 'description' && typeof old === 'string' && typeof now === 'string') {
    return <Words old={old} now={now} />;
  }
  const empty = (value: unknown) => value === null || value === undefined || value === '';
  return (
    <>
      {!empty(old) && field !== 'thumbnail_url' && <Was>{words(field, old)}</Was>}
      {!empty(old) && field !== 'thumbnail_url' && arrow}
      {empty(now) ? <span className={css['faint']}>{field === 'thumbnail_url' ? text.episode.timeline.picture.none : text.episode.none.toLowerCase()}</span> : <Becomes>{words(field, now)}</Becomes>}
    </>
  );
}

const longest = 120; // letters of a text that is new as a whole

function words(field: string, value: unknown): string {
  if (field === 'air_date' && typeof value === 'string') {
    return date(value, '');
  }
  const all = valueWords(field, value);
  return all.length > longest ? `${all.slice(0, longest)}…` : all;
}

function Categories({ old, now }: { old: readonly string[]; now: readonly string[] }) {
  const stayed = now.filter((name) => old.includes(name));
  return (
    <>
      {stayed.length > 0 && <span className={css['faint']}>{stayed.join(', ')}</span>}
      {old.filter((name) => !now.includes(name)).map((name) => (
        <Was key={name}>{text.episode.timeline.minus({ name })}</Was>
      ))}
      {now.filter((name) => !old.includes(name)).map((name) => (
        <Becomes key={name}>{text.episode.timeline.plus({ name })}</Becomes>
      ))}
    </>
  );
}

/** The part of a long text that has changed, with a few words beside it. */
function Words({ old, now }: { old: string; now: string }) {
  const [all, setAll] = useState(false);
  const parts = useMemo(() => diffWords(old, now), [old, now]);
  const short = useMemo(() => around(parts), [parts]);
  const cut = short.some(({ words: some }, i) => some !== parts[i]?.words);
  return (
    <span className={css['text']}>
      {(all ? parts : short).map((part, i) => (
        <Piece key={i} part={part} />
      ))}
      {cut && !all && (
        <button type="button" className={css['all']} onClick={() => setAll(true)}>
          {text.episode.timeline.showAll}
        </button>
      )}
    </span>
  );
}

function Piece({ part: { is, words: some } }: { part: Part }) {
  return is === 'was' ? <Was>{some}</Was> : is === 'now' ? <Becomes>{some}</Becomes> : some;
}

function Was({ children }: { children: string }) {
  return <del className={css['was']}>{children}</del>;
}

function Becomes({ children }: { children: string }) {
  return <ins className={css['now']}>{children}</ins>;
}
