import { IconAlertTriangle, IconBan, IconBolt, IconCheck, IconClock, type Icon } from '@tabler/icons-react';
import { useMemo } from 'react';

import { useMarks, useNow } from '../../live';
import { useZone } from '../../session';
import { ago, clock, dayNumber, exactTime, longDay, text, today } from '../../text';
import { episodeText } from '../../text/episode';
import { Avatar, Button, Highlight } from '../../ui';
import type { Episode } from '../../episodes/shared';
import { kindName } from '../../jobs/shared';
import { onlies, type Only } from '../address';
import { useJobs } from '../work/api';
import { entryMarks, useChanges, useFileChanges } from './api';
import { byDay, entryOf, entryOfJob, fold, type Change, type Entry } from './entries';
import { Values } from './Values';
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
      <div className={css['filter']} role="group" aria-label={episodeText.timeline.filter}>
        <h2 className={css['title']}>{episodeText.timeline.title}</h2>
        {onlies
          .filter((one) => jobs || one !== 'jobs')
          .map((one) => (
            <Button key={one} size="small" {...(only === one ? { on: true } : { look: 'quiet' })} aria-pressed={only === one} onClick={() => onOnly(one)}>
              {episodeText.timeline.only[one]}
            </Button>
          ))}
      </div>
      {changes.isError && !changes.data && (
        <p className={css['nothing']} role="alert">
          {episodeText.timeline.notLoaded} <Button size="small" onClick={() => void changes.refetch()}>{text.tryAgain}</Button>
        </p>
      )}
      {changes.data && days.length === 0 && <p className={css['nothing']}>{episodeText.timeline.nothing}</p>}
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
          {episodeText.timeline.more}
        </Button>
      )}
    </>
  );
}

function dayWords(day: string, now: number, zone: string): string {
  const away = dayNumber(today(now, zone)) - dayNumber(day);
  if (away === 0) {
    return episodeText.timeline.today;
  }
  return away === 1 ? episodeText.timeline.yesterday : longDay(Date.parse(`${day}T12:00:00Z`), 'UTC');
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
        {entry.application && <span className={css['tag']}>{episodeText.timeline.fromApplication}</span>}
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

function Sentence({ entry: { sort, verb, by, name = '', changes, back = [] } }: { entry: Entry }) {
  const words = episodeText.timeline;
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
  const names = (fields: readonly string[]): string[] => fields.map((field) => text.edits.fields[field] ?? field);
  const changed = names(changes.map(({ field }) => field));
  const did = verb !== 'changed' ? words[verb as 'created'] : changed.length === 0 && back.length > 0 ? words.changedBack({ fields: names(back) }) : words.changed({ fields: changed });
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

function Difference({ change: { field, old, new: now } }: { change: Change }) {
  return (
    <>
      <dt>{text.edits.fields[field] ?? field}</dt>
      <dd>
        <Values field={field} old={old} now={now} />
      </dd>
    </>
  );
}
