import { IconAlertTriangle, IconBan, IconCheck, IconProgress, IconRotateClockwise, type Icon } from '@tabler/icons-react';
import { Fragment, memo, useMemo, useState } from 'react';

import { Link } from '../address';
import { Values } from '../episode/shared';
import { restoreEpisode } from '../episodes/shared';
import { useNow } from '../live';
import { useMayEdit, useMe, useZone } from '../session';
import { useShows } from '../shows/shared';
import { clock, dayNumber, exactTime, longDay, text, today } from '../text';
import { activityText } from '../text/activity';
import { episodeText } from '../text/episode';
import { inboxText } from '../text/inbox';
import { Avatar, toast } from '../ui';
import { problemWords } from '../client';
import type { Counts } from './api';
import { fold, type Entry, type Run } from './store/entry';
import { sentenceOf } from './words';
import css from './Feed.module.css';

/** The entries under their days, the newest first. Counts are those of the days, where they are known. */
export function Feed({ entries, counts }: { entries: readonly Entry[]; counts: Counts | undefined }) {
  const zone = useZone();
  const now = useNow();
  const days = useMemo(() => byDay(fold(entries, (at) => today(at, zone)), zone), [entries, zone]);
  const newest = useMemo(() => new Set(new Map([...entries].reverse().map((entry) => [entry.resource_id, entry.id])).values()), [entries]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const numbers = useMemo(() => new Map(counts?.complete ? counts.by_time.map(({ start, count }) => [start.slice(0, 10), count]) : []), [counts]);
  return days.map(([day, runs]) => (
    <section key={day} aria-label={dayWords(day, now, zone)}>
      <div className={css['day']}>
        <h2>{dayWords(day, now, zone)}</h2>
        <span>{numbers.get(day)}</span>
      </div>
      <ul>
        {runs.map((run) =>
          open.has(run.first.id) ? (
            [run.first, ...run.rest].map((entry) => <Line key={entry.id} run={{ first: entry, rest: [] }} last={newest.has(entry.id)} />)
          ) : (
            <Line key={run.first.id} run={run} last={newest.has(run.first.id)} onOpen={() => setOpen((some) => new Set(some).add(run.first.id))} />
          ),
        )}
      </ul>
    </section>
  ));
}

function byDay(runs: readonly Run[], zone: string): [day: string, runs: Run[]][] {
  const days = new Map<string, Run[]>();
  for (const run of runs) {
    const day = today(Date.parse(run.first.created_at), zone);
    const before = days.get(day);
    if (before) {
      before.push(run);
    } else {
      days.set(day, [run]);
    }
  }
  return [...days];
}

function dayWords(day: string, now: number, zone: string): string {
  const away = dayNumber(today(now, zone)) - dayNumber(day);
  return away === 0 ? activityText.today : away === 1 ? activityText.yesterday : longDay(Date.parse(day), 'UTC');
}

const icons: Partial<Record<string, Icon>> = { started_job: IconProgress, retried_job: IconRotateClockwise, completed_job: IconCheck, failed_job: IconAlertTriangle, cancelled_job: IconBan };

const mostFields = 4; // of an entry that are shown

/** One entry, or a run of them. Last: nothing newer is known of what it is about. */
const Line = memo(function Line({ run: { first: entry, rest }, last, onOpen }: { run: Run; last: boolean; onOpen?: () => void }) {
  const zone = useZone();
  const mayEdit = useMayEdit();
  const admin = useMe().role === 'admin';
  const at = Date.parse(entry.created_at);
  const JobIcon = icons[entry.action];
  const ours = entry.source === 'callboard';
  const changes = ours ? Object.entries(entry.metadata.changes ?? {}) : [];
  return (
    <li className={css['entry']} data-entry={entry.id}>
      <time dateTime={entry.created_at} title={exactTime(at, zone)}>
        {clock(at, zone)}
      </time>
      {JobIcon && ours ? (
        <span className={`${css['sign']} ${css[entry.action]}`}>
          <JobIcon size={13} stroke={1.75} aria-hidden="true" />
        </span>
      ) : (
        <span aria-hidden="true">
          <Avatar person={{ id: entry.user_id, name: entry.user_name || text.someone }} />
        </span>
      )}
      <span className={css['words']}>
        <span>
          <Sentence entry={entry} />
          {rest.length > 0 && activityText.more({ n: rest.length })}
          {!ours && <span className={css['tag']}>{activityText.fromApplication}</span>}
        </span>
        {changes.slice(0, mostFields).map(([field, { old, new: now }]) => (
          <span key={field} className={css['diff']}>
            {field !== 'status' && <span className={css['faint']}>{text.edits.fields[field] ?? inboxText.field(field)}</span>}
            <Values field={field} old={old} now={now} />
          </span>
        ))}
        {changes.length > mostFields && <span className={css['diff']}>{activityText.moreFields({ n: changes.length - mostFields })}</span>}
        <JobWords entry={entry} />
        {rest.length > 0 && (
          <button type="button" className={css['all']} onClick={onOpen}>
            {activityText.showAll}
          </button>
        )}
        {mayEdit && last && entry.action === 'deleted_episode' && ours && (
          <button type="button" className={css['all']} onClick={() => void restore(entry)}>
            {text.episodes.restore}
          </button>
        )}
        {admin && rest.length === 0 && entry.pos > 0 && (
          <Link href={`/activity/why/${entry.id}`} className={`${css['all']} ${css['why']}`} aria-label={activityText.whoGotOf({ what: entry.resource_name })}>
            {activityText.whoGot}
          </Link>
        )}
      </span>
      <Place entry={entry} />
    </li>
  );
});

async function restore({ resource_id, resource_name }: Entry): Promise<void> {
  try {
    await restoreEpisode(resource_id);
    toast({ words: episodeText.restored({ title: resource_name }) });
  } catch (error) {
    toast({ look: 'bad', words: episodeText.notDone, more: problemWords(error) });
  }
}

/** The sentence; what it is about leads there, where there is a page of it. */
function Sentence({ entry }: { entry: Entry }) {
  const parts = sentenceOf(entry);
  const about = parts.findLastIndex((part) => typeof part !== 'string');
  const there = entry.resource_type === 'episode' && entry.source === 'callboard';
  return parts.map((part, i) =>
    typeof part === 'string' ? <Fragment key={i}>{part}</Fragment> : <b key={i}>{there && i === about ? <Link href={`/episodes/${entry.resource_id}`}>{part.name}</Link> : part.name}</b>,
  );
}

/** Why a job is tried again or has failed. */
function JobWords({ entry: { action, metadata } }: { entry: Entry }) {
  if (action !== 'retried_job' && action !== 'failed_job') {
    return null;
  }
  const { error, attempt, max_attempts: of } = metadata;
  return (
    <span className={`${css['diff']} ${css['faint']}`}>
      {typeof error === 'string' && <span>{error}</span>}
      {attempt !== undefined && of !== undefined && <span>{activityText.attempt({ attempt, of })}</span>}
    </span>
  );
}

/** Where it is: the show, season and number. */
function Place({ entry: { metadata, resource_type } }: { entry: Entry }) {
  const shows = useShows();
  if (resource_type !== 'episode') {
    return <span />;
  }
  const show = shows.find(({ id }) => id === metadata.show_id)?.title ?? '';
  const number = text.episodes.number({ season: metadata.season_number ?? null, episode: metadata.episode_number ?? null });
  return <span className={css['place']}>{[show, number].filter(Boolean).join(' ')}</span>;
}
