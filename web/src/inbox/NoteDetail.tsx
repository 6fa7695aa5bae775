import { IconArchive, IconArrowLeft, IconArrowNarrowRight, IconBell, IconEye, IconInbox, IconMail, IconMailOpened } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId } from 'react';

import { Link } from '../address';
import { call, client, queries } from '../client';
import { useEpisode } from '../episodes/shared';
import { useAboutOf } from '../jobs/shared';
import { useNow, useRecord } from '../live';
import { useMe, useZone } from '../session';
import { useShows } from '../shows/shared';
import { ago, clock, date, longDay, text, today } from '../text';
import { inboxText } from '../text/inbox';
import { Button, buttonClass, Empty, Kbd, StatusWord, toast } from '../ui';
import { episodeOf, mark, setWatching } from './api';
import { placeOf } from './place';
import { notes, type Note } from './store/note';
import { Sign, statusName, Words } from './NoteList';
import { changesOf, nameOf, sentenceOf } from './words';
import css from './NoteDetail.module.css';

const glance = 300; // ms that a note is open until it is read: keys may only pass over it

/** One note: what changed last, what it is about, and why it came. */
export function NoteDetail({ id, known, onArchive, onBack }: { id: string; known: boolean; onArchive: () => void; onBack?: () => void }) {
  const note = useRecord(notes, id);
  const there = note !== undefined;
  useEffect(() => {
    const timer = setTimeout(() => void mark('read', [id]), there ? glance : 0);
    return () => clearTimeout(timer);
  }, [id, there]);
  const back = onBack && (
    <Button look="quiet" onClick={onBack} className={css['back']}>
      <IconArrowLeft size={16} stroke={1.75} aria-hidden="true" />
      {inboxText.back}
    </Button>
  );
  if (!note) {
    return known ? (
      <>
        {back}
        <Empty icon={IconBell} title={inboxText.notHere}>
          {inboxText.notHereWhy}
        </Empty>
      </>
    ) : null;
  }
  const archived = note.archived_at !== undefined;
  const unread = note.read_at === undefined;
  return (
    <article className={css['note']}>
      {back}
      <Head note={note} />
      {note.type === 'job_failed' && typeof note.data['error'] === 'string' && <p className={css['reason']}>{note.data['error']}</p>}
      {note.resource_type === 'job' ? <AboutJob id={note.resource_id} /> : <About note={note} />}
      <ChangedLast note={note} />
      {note.type === 'digest' && <p>{inboxText.digestWhy}</p>}
      <div className={css['acts']}>
        <Button onClick={onArchive}>
          {archived ? <IconInbox size={16} stroke={1.75} aria-hidden="true" /> : <IconArchive size={16} stroke={1.75} aria-hidden="true" />}
          {archived ? inboxText.unarchive : inboxText.archive}
          <Kbd>E</Kbd>
        </Button>
        <Button look="quiet" onClick={() => void mark(unread ? 'read' : 'unread', [id])}>
          {unread ? <IconMailOpened size={16} stroke={1.75} aria-hidden="true" /> : <IconMail size={16} stroke={1.75} aria-hidden="true" />}
          {unread ? inboxText.markRead : inboxText.markUnread}
          <Kbd>{unread ? '⇧I' : 'U'}</Kbd>
        </Button>
      </div>
      <Why note={note} />
      <p className={css['ask']}>
        <Link href={`/inbox/why/${id}`}>{inboxText.why.ask}</Link>
      </p>
    </article>
  );
}

function Head({ note }: { note: Note }) {
  const now = useNow();
  const zone = useZone();
  const at = Date.parse(note.created_at);
  const same = today(at, zone) === today(now, zone);
  const when = same ? (ago(at, now, zone) ?? text.time.now) : inboxText.quiet.at({ day: longDay(at, zone), time: clock(at, zone) });
  const name = nameOf(note);
  return (
    <header>
      <div className={css['who']}>
        <Sign note={note} />
        {name && (
          <span>
            <Words sentence={sentenceOf(note).slice(0, -1)} />
          </span>
        )}
        <span className={css['when']}>{inboxText.lastOf({ when, n: note.type === 'digest' ? 1 : note.count })}</span>
        {note.priority === 'urgent' && <span className={css['urgent']}>{inboxText.urgent}</span>}
      </div>
      <h2 className={css['title']}>{name || <Words sentence={sentenceOf(note)} />}</h2>
    </header>
  );
}

/** What the job was about: its file and show, or what was exported or deleted. */
function AboutJob({ id }: { id: string }) {
  const about = useAboutOf(id);
  return (
    <div className={`${css['about']} ${css['job']}`}>
      <b className={`cut ${css['which']}`}>{about}</b>
      <Link href={`/jobs/${id}`} className={buttonClass({ size: 'small' })} aria-label={inboxText.openEpisode({ title: about })}>
        {inboxText.open}
        <Kbd>↵</Kbd>
      </Link>
    </div>
  );
}

/** The episode that it is about, as it is now. */
function About({ note }: { note: Note }) {
  const episode = useEpisode(note.type === 'episode_deleted' ? undefined : episodeOf(note));
  const shows = useShows();
  const now = useNow();
  const zone = useZone();
  const place = placeOf(note);
  const open = place && (
    <Link href={place} className={buttonClass({ size: 'small' })} aria-label={inboxText.openEpisode({ title: episode?.title ?? nameOf(note) })}>
      {inboxText.open}
      <Kbd>↵</Kbd>
    </Link>
  );
  if (!episode || episode.deleted_at !== undefined) {
    return note.resource_type === 'show' && open ? <div>{open}</div> : null;
  }
  const show = shows.find(({ id }) => id === episode.show_id)?.title ?? '';
  const number = text.episodes.number({ season: episode.season_number, episode: episode.episode_number });
  return (
    <div className={css['about']}>
      <span className={css['picture']}>{episode.thumbnail_url && <img src={episode.thumbnail_url} alt="" onError={(event) => event.currentTarget.remove()} />}</span>
      <span className={css['which']}>
        <b className="cut">{note.resource_type === 'file' ? episode.title : inboxText.place({ show, number }) || episode.title}</b>
        <span className={css['state']}>
          <StatusWord status={episode.status} />
          {episode.air_date && <span className={css['faint']}>{inboxText.airs({ date: date(episode.air_date, today(now, zone)) })}</span>}
        </span>
      </span>
      {open}
    </div>
  );
}

function ChangedLast({ note }: { note: Note }) {
  const words = useValueWords();
  const label = useId();
  const changes = Object.entries(changesOf(note)).filter(([, { old, new: now }]) => JSON.stringify(old) !== JSON.stringify(now));
  if (changes.length === 0 || /_(created|deleted)$/.test(note.type)) {
    return null;
  }
  return (
    <section aria-labelledby={label}>
      <h3 className={css['label']} id={label}>
        {inboxText.changedLast}
      </h3>
      <dl className={css['diff']}>
        {changes.map(([field, { old, new: now }]) => (
          <div key={field}>
            <dt>{inboxText.field(field)}</dt>
            <dd>
              <del>{words(field, old)}</del>
              <IconArrowNarrowRight size={12} stroke={1.75} aria-hidden="true" />
              <ins>{words(field, now)}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const longest = 240; // characters of a value; the episode has all of it

function useValueWords(): (field: string, value: unknown) => string {
  const shows = useShows();
  const now = useNow();
  const zone = useZone();
  return (field, value) => {
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
      return inboxText.none;
    }
    if (field === 'status') {
      return statusName(value);
    }
    if (field === 'air_date' && typeof value === 'string') {
      return date(value, today(now, zone));
    }
    if (field === 'thumbnail_url') {
      return inboxText.aPicture; // its address says nothing to people
    }
    if (field === 'show_id') {
      return shows.find(({ id }) => id === value)?.title ?? text.episodes.unknownShow;
    }
    const words = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);
    return words.length > longest ? `${words.slice(0, longest)}…` : words;
  };
}

interface Watched {
  type: string;
  id: string;
}

/** Why it came, by who is told of such; and how to hear no more of it. */
function Why({ note }: { note: Note }) {
  const me = useMe();
  const episode = episodeOf(note);
  const show = note.resource_type === 'show' ? note.resource_id : typeof note.data['show_id'] === 'string' ? note.data['show_id'] : undefined;
  const watches = !/^job_|^episode_published$|^digest$/.test(note.type);
  const own: Watched | undefined = watches && episode ? { type: 'episode', id: episode } : undefined;
  const around: Watched | undefined = watches && show ? { type: 'show', id: show } : undefined;
  const watchesOwn = useWatching(own);
  const watchesShow = useWatching(around);
  const reason = ((): { words: string; watched?: Watched } | undefined => {
    const { why } = inboxText;
    switch (note.type) {
      case 'digest':
        return undefined;
      case 'episode_published':
        return { words: why.everyone };
      case 'job_completed':
      case 'job_cancelled':
        return { words: why.yourJob };
      case 'job_failed':
        return { words: note.data['owner_id'] === me.id ? why.yourJob : why.admin };
    }
    if (!/^(episode|file|show)_/.test(note.type)) {
      return note.actor_name ? { words: why.sent({ name: note.actor_name }) } : undefined;
    }
    if (own && watchesOwn) {
      return { words: why.watchEpisode, watched: own };
    }
    if (around && watchesShow) {
      return { words: note.resource_type === 'show' ? why.watchShow : why.watchOfShow, watched: around };
    }
    if (/^episode_(created|deleted)$/.test(note.type) && me.role !== 'viewer') {
      return { words: me.role === 'admin' ? why.admin : why.editor };
    }
    return watchesOwn === undefined && watchesShow === undefined ? undefined : { words: why.watched };
  })();
  if (!reason) {
    return null;
  }
  const { words, watched } = reason;
  return (
    <div className={css['why']}>
      <IconEye size={16} stroke={1.75} aria-hidden="true" />
      <span>{words}</span>
      {watched && (
        <Button size="small" act={() => stopWatching(watched)}>
          {inboxText.stopWatching}
        </Button>
      )}
    </div>
  );
}

const watchKey = ({ type, id }: Watched) => ['watches', type, id];

/** Whether whoever is signed in watches it; undefined while that is not known. */
function useWatching(watched: Watched | undefined): boolean | undefined {
  const { data } = useQuery({
    queryKey: watchKey(watched ?? { type: '', id: '' }),
    queryFn: async ({ signal }): Promise<boolean> => {
      const path = watched ?? { type: '', id: '' };
      const { data: answer } = await call(() => client.api.GET('/api/v1/watches/{type}/{id}', { params: { path }, signal }));
      return answer.watching;
    },
    enabled: watched !== undefined,
    refetchOnMount: 'always',
  });
  return data;
}

async function stopWatching(watched: Watched): Promise<void> {
  const set = async (watching: boolean): Promise<void> => {
    await setWatching(watched.type, watched.id, watching);
    queries.setQueryData(watchKey(watched), watching);
  };
  try {
    await set(false);
    toast({ icon: IconEye, words: inboxText.stoppedWatching, undo: () => set(true) });
  } catch (error) {
    toast({ look: 'bad', words: text.failed.notSaved, ...(error instanceof Error && { more: error.message }) });
  }
}
