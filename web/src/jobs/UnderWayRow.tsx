import { Link } from '../address';
import { useRecord } from '../live';
import { useZone } from '../session';
import { clock } from '../text';
import { jobsText } from '../text/jobs';
import { Avatar, Bar, Button, toast } from '../ui';
import { kindName } from './about';
import { act, useProgress } from './api';
import { JobSign } from './JobSign';
import { lookOf, secondsLeft } from './look';
import { jobs, type Job } from './store/job';
import { useAbout } from './useAbout';
import css from './JobsPage.module.css';

/** A job that runs or waits: how far it is, and what can be done about it. */
export function UnderWayRow({ id }: { id: string }) {
  const job = useRecord(jobs, id);
  useProgress(job);
  return job && <Row job={job} />;
}

function Row({ job }: { job: Job }) {
  const zone = useZone();
  const about = useAbout(job);
  const look = lookOf(job);
  const kind = kindName(job.kind);
  const words = jobsText;
  return (
    <div className={css['job']} data-job={job.id}>
      <JobSign look={look} />
      <span className={css['what']}>
        <Link href={`/jobs/${job.id}${window.location.search}`} aria-label={words.open({ what: `${kind} ${about}` })}>
          {kind}
        </Link>
        <span className={`cut ${css['faint']}`}>{about}</span>
      </span>
      <span className={css['acts']}>
        <Avatar person={{ id: job.owner_id, name: job.owner_name }} size="small" />
        {look === 'again' && (
          <Button size="small" look="quiet" act={() => act(job, 'retry')}>
            {words.tryNow}
          </Button>
        )}
        <Button size="small" look="quiet" aria-label={words.cancelOf({ what: kind })} act={() => act(job, 'cancel').then((done) => done && toast({ words: words.cancelledOne({ what: about || kind }) }))}>
          {words.cancel}
        </Button>
      </span>
      <div className={css['below']}>
        <Standing job={job} zone={zone} />
      </div>
    </div>
  );
}

/** How a job under way stands: its bar, or what it waits for. */
export function Standing({ job, zone }: { job: Job; zone: string }) {
  const words = jobsText;
  switch (lookOf(job)) {
    case 'running':
      return (
        <>
          <Bar value={job.progress} label={kindName(job.kind)} />
          <span>{words.percent({ percent: job.progress, message: job.message, left: secondsLeft(job) })}</span>
          {job.attempt > 1 && <span>{words.attempt({ attempt: job.attempt, of: job.max_attempts })}</span>}
        </>
      );
    case 'again':
      return (
        <span>
          <span className={css['again']}>{words.again({ time: job.next_run_at === null ? '' : clock(Date.parse(job.next_run_at), zone) })}</span>
          {words.againLine({ next: job.attempt + 1, of: job.max_attempts, why: job.error ?? '' })}
        </span>
      );
    default:
      return <span>{words.waiting}</span>;
  }
}
