import { Link } from '../../address';
import type { Episode } from '../../episodes/shared';
import { act, JobSign, kindName, lookOf, secondsLeft, type Job } from '../../jobs/shared';
import { useNow } from '../../live';
import { useZone } from '../../session';
import { ago, clock, text } from '../../text';
import { episodeText } from '../../text/episode';
import { jobsText } from '../../text/jobs';
import { Bar, Button, buttonClass } from '../../ui';
import { useFiles } from '../files/api';
import { useJobs } from './api';
import panel from '../panel.module.css';
import css from './JobsPanel.module.css';

/** The jobs of an episode: how far each is, and what can be done about it. Bare: nothing is shown while there are none. */
export function JobsPanel({ episode, bare }: { episode: Episode; bare: boolean }) {
  const jobs = useJobs(episode.id).data;
  if (!jobs || (bare && jobs.length === 0)) {
    return null;
  }
  return (
    <section className={panel['panel']} aria-label={episodeText.jobs.title}>
      <header className={panel['head']}>
        <h2>{episodeText.jobs.title}</h2>
        {jobs.length > 0 && <span className={panel['count']}>{jobs.length}</span>}
      </header>
      {jobs.length === 0 && (
        <p className={css['none']}>
          <b>{episodeText.jobs.none}</b> {episodeText.jobs.noneWhy}
        </p>
      )}
      {jobs.map((job) => (
        <JobRow key={job.id} job={job} />
      ))}
    </section>
  );
}

function JobRow({ job }: { job: Job }) {
  const files = useFiles(job.episode_id ?? '').data;
  const now = useNow();
  const zone = useZone();
  const look = lookOf(job);
  const words = jobsText;
  const kind = kindName(job.kind);
  const file = files?.find(({ id }) => id === (job.args as { file_id?: string } | null)?.file_id)?.name;
  const ended = job.finished_at === null ? undefined : (ago(Date.parse(job.finished_at), now, zone) ?? text.time.now);
  return (
    <div className={css['job']} data-job={job.id}>
      <JobSign look={look} />
      <span className={css['what']}>
        <b>{kind}</b>
        {file && <span className={`cut ${css['faint']}`}>{file}</span>}
      </span>
      <span className={css['acts']}>
        {look === 'again' && (
          <Button size="small" look="quiet" act={() => act(job, 'retry')}>
            {words.tryNow}
          </Button>
        )}
        {(look === 'waiting' || look === 'running' || look === 'again') && (
          <Button size="small" look="quiet" act={() => act(job, 'cancel')}>
            {words.cancel}
          </Button>
        )}
        {(look === 'failed' || look === 'cancelled') && (
          <Button size="small" look="quiet" act={() => act(job, 'retry')}>
            {words.retry}
          </Button>
        )}
        <Link href={`/jobs/${job.id}`} className={buttonClass({ size: 'small', look: 'quiet' })} aria-label={words.open({ what: kind })}>
          {words.log}
        </Link>
      </span>
      <div className={css['below']}>
        {look === 'running' && (
          <>
            <Bar value={job.progress} label={kind} />
            <span>{words.percent({ percent: job.progress, message: job.message, left: secondsLeft(job) })}</span>
            {job.attempt > 1 && <span>{words.attempt({ attempt: job.attempt, of: job.max_attempts })}</span>}
          </>
        )}
        {look === 'waiting' && words.waiting}
        {look === 'again' && <span>{words.again({ time: job.next_run_at === null ? '' : clock(Date.parse(job.next_run_at), zone) })}</span>}
        {look === 'failed' && <span className={css['bad']}>{job.error === null ? words.failedShort : words.failed({ why: job.error })}</span>}
        {look === 'done' && words.done}
        {look === 'cancelled' && words.cancelled}
        {ended !== undefined && <span>{ended}</span>}
      </div>
    </div>
  );
}
