import { IconDownload, IconX } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { Link } from '../address';
import { base, problemWords, statusOf } from '../client';
import { useNow } from '../live';
import { useZone } from '../session';
import { ago, clockSeconds, exactTime, text } from '../text';
import { episodeText } from '../text/episode';
import { jobsText } from '../text/jobs';
import { Button, buttonClass, toast, useBeside, useModal } from '../ui';
import { isKind, kindName, resultOf } from './about';
import { act, useFile, useJob, useLog, useReport } from './api';
import { Acts } from './EndedRow';
import { JobSign } from './JobSign';
import { isUnderWay, lookOf, secondsTaken } from './look';
import type { Job } from './store/job';
import { Standing } from './UnderWayRow';
import { useAbout } from './useAbout';
import css from './JobDrawer.module.css';

/** One job with its log, over the list. */
export function JobDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { job, error } = useJob(id);
  const dialog = useModal();
  const beside = useBeside(onClose);
  const words = jobsText.drawer;
  return (
    // The browser turns Escape into cancel; the press beside it is one more way out, and none that keys need.
    <dialog
      ref={dialog}
      className={css['drawer']}
      aria-label={job ? kindName(job.kind) : jobsText.title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      {...beside}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className={css['inside']}>
        {job ? (
          <OneJob job={job} onClose={onClose} />
        ) : (
          <>
            <Head title={jobsText.title} onClose={onClose} />
            {error !== null && (
              <div className={css['part']} role="alert">
                <b>{statusOf(error) === 404 ? words.gone : words.notLoaded}</b>
                <p>{statusOf(error) === 404 ? words.goneWhy : problemWords(error)}</p>
              </div>
            )}
          </>
        )}
      </div>
    </dialog>
  );
}

function Head({ title, onClose, children }: { title: string; onClose: () => void; children?: ReactNode }) {
  return (
    <header className={css['head']}>
      <h2 className={css['title']}>{title}</h2>
      {children}
      <Button icon look="quiet" label={text.close} className={css['close']} onClick={onClose}>
        <IconX size={16} stroke={1.75} aria-hidden="true" />
      </Button>
    </header>
  );
}

function OneJob({ job, onClose }: { job: Job; onClose: () => void }) {
  const zone = useZone();
  const now = useNow();
  const about = useAbout(job);
  const look = lookOf(job);
  const words = jobsText.drawer;
  const taken = secondsTaken(job);
  const kind = kindName(job.kind);
  const time = (at: string): ReactNode => (
    <time dateTime={at} title={exactTime(Date.parse(at), zone)}>
      {clockSeconds(Date.parse(at), zone)}
      {ago(Date.parse(at), now, zone) !== undefined && <span className={css['faint']}> {episodeText.agoLong({ when: ago(Date.parse(at), now, zone) ?? '' })}</span>}
    </time>
  );
  const facts: [string, ReactNode][] = [
    [words.askedBy, job.owner_name],
    [words.asked, time(job.created_at)],
    ...(job.started_at === null ? [] : ([[words.began, time(job.started_at)]] as [string, ReactNode][])),
    ...(job.finished_at === null ? [] : ([[words.ended, time(job.finished_at)]] as [string, ReactNode][])),
    ...(taken === undefined ? [] : ([[words.took, jobsText.seconds({ seconds: taken })]] as [string, ReactNode][])),
    ...(job.attempt === 0 ? [] : ([[words.attempts, words.attemptsOf({ attempt: job.attempt, of: job.max_attempts })]] as [string, ReactNode][])),
    ...(resultOf(job) === '' ? [] : ([[words.result, resultOf(job)]] as [string, ReactNode][])),
    ...(job.episode_id === null
      ? []
      : ([
          [
            words.episode,
            <Link key="episode" href={`/episodes/${job.episode_id}`} className={css['link']}>
              {words.openEpisode}
            </Link>,
          ],
        ] as [string, ReactNode][])),
  ];
  return (
    <>
      <Head title={kind} onClose={onClose}>
        <span className={css['state']}>
          <JobSign look={look} />
          {jobsText.looks[look]}
        </span>
      </Head>
      <div className={css['body']}>
        <div className={css['part']}>
          {about && <p className={css['about']}>{about}</p>}
          {isUnderWay(job) && (
            <div className={css['standing']}>
              <Standing job={job} zone={zone} />
            </div>
          )}
          {look === 'failed' && job.error && (
            <p className={css['bad']} role="status">
              {jobsText.failed({ why: job.error })}
            </p>
          )}
          <dl className={css['facts']}>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            <Arguments job={job} />
          </dl>
        </div>
        <Report job={job} />
        <Log job={job} />
      </div>
      <footer className={css['foot']}>
        {isUnderWay(job) ? (
          <>
            {look === 'again' && (
              <Button look="quiet" act={() => act(job, 'retry')}>
                {jobsText.tryNow}
              </Button>
            )}
            <Button act={() => act(job, 'cancel').then((done) => done && toast({ words: jobsText.cancelledOne({ what: about || kind }) }))}>{jobsText.cancel}</Button>
          </>
        ) : (
          <Acts job={job} withReport={false} />
        )}
      </footer>
    </>
  );
}

/** What the job was asked to do, in words where we have them. */
function Arguments({ job }: { job: Job }) {
  const words = jobsText.drawer;
  const file = useFile(isKind(job, 'data-import') || isKind(job, 'thumbnail-generation') ? job.args.file_id : undefined);
  const known = new Set(['file_id', 'show_id', 'show_title']); // these are in what it is about
  const args = Object.entries((job.args ?? {}) as Record<string, unknown>).filter(([name]) => !known.has(name) || jobsText.kinds[job.kind] === undefined);
  return (
    <>
      {args.map(([name, value]) => (
        <div key={name}>
          <dt>{words.names[name] ?? words.name({ name })}</dt>
          <dd>{argument(value)}</dd>
        </div>
      ))}
      {file && (
        <div>
          <dt>{words.names['file_id']}</dt>
          <dd>
            <a className={css['link']} href={file.url} download={file.name}>
              {file.name}
            </a>
          </dd>
        </div>
      )}
    </>
  );
}

function argument(value: unknown): string {
  const words = jobsText.drawer;
  if (typeof value === 'boolean') {
    return value ? words.yes : words.no;
  }
  if (Array.isArray(value)) {
    return value.length > 5 ? String(value.length) : value.map(argument).join(', ');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, one]) => `${name.replaceAll('_', ' ')}: ${argument(one) || words.no}`)
      .join('; ');
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const shownRemarks = 100;

/** What the job could not take, or what there is to say of what it took. */
function Report({ job }: { job: Job }) {
  const report = useReport(job);
  const words = jobsText.drawer;
  if (job.problems === 0) {
    return null;
  }
  const { remarks = [], more = false } = report.data ?? {};
  return (
    <section className={css['part']} aria-label={words.report}>
      <header className={css['partHead']}>
        <h3>{words.report}</h3>
        <span className={css['faint']}>{words.reportOf({ n: job.problems })}</span>
        <a className={`${buttonClass({ size: 'small' })} ${css['end']}`} href={`${base}/api/v1/jobs/${job.id}/report?bom=true`} download={`report-${job.id}.csv`}>
          <IconDownload size={16} stroke={1.75} aria-hidden="true" />
          {words.downloadReport}
        </a>
      </header>
      {report.isError && <p className={css['faint']}>{words.notLoaded}</p>}
      <ul className={css['remarks']}>
        {remarks.slice(0, shownRemarks).map(({ item, reason, outcome }, i) => (
          <li key={i}>
            <span className={css['item']}>{item}</span>
            <span className={css['reason']}>{reason}</span>
            {outcome && <span className={outcome === 'refused' ? css['bad'] : css['faint']}>{words.outcomes[outcome] ?? outcome}</span>}
          </li>
        ))}
      </ul>
      {(more || remarks.length > shownRemarks) && <p className={css['faint']}>{words.reportMore}</p>}
    </section>
  );
}

const nearEnd = 24; // px from the end of the log, within which it follows

/** What the job has logged. It follows while one is at its end. */
function Log({ job }: { job: Job }) {
  const log = useLog(job.id, isUnderWay(job));
  const zone = useZone();
  const words = jobsText.drawer;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lines = log.data?.lines;
  useEffect(() => {
    if (atEnd.current) {
      box.current?.scrollTo({ top: box.current.scrollHeight });
    }
  }, [lines]);
  return (
    <section className={`${css['part']} ${css['logPart']}`} aria-label={words.log}>
      <header className={css['partHead']}>
        <h3>{words.log}</h3>
      </header>
      {log.isError && !lines && <p className={css['faint']}>{words.notLoaded}</p>}
      {lines?.length === 0 && <p className={css['faint']}>{words.noLog}</p>}
      {lines && lines.length > 0 && (
        <div
          ref={box}
          className={css['log']}
          role="log"
          aria-live="off"
          aria-label={words.log}
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys
          tabIndex={0}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
          }}
        >
          {lines.map(({ seq, at, level, line }) => (
            <p key={seq} className={css[level]}>
              <time dateTime={at}>{clockSeconds(Date.parse(at), zone)}</time>
              {(level === 'warn' || level === 'error') && <b>{words.levels[level]}</b>}
              <span>{line}</span>
            </p>
          ))}
        </div>
      )}
    </section>
  );
}
