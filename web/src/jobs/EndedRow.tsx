import { IconDownload } from '@tabler/icons-react';

import { Link } from '../address';
import { base } from '../client';
import { addressOf } from '../import/shared';
import { useNow, useRecord } from '../live';
import { useZone } from '../session';
import { clock, date, exactTime, today } from '../text';
import { jobsText } from '../text/jobs';
import { Avatar, Button, buttonClass, toast } from '../ui';
import { isKind, kindName, resultOf } from './about';
import { act, useFile } from './api';
import { JobSign } from './JobSign';
import { lookOf, secondsTaken } from './look';
import { jobs, type Job } from './store/job';
import { useAbout } from './useAbout';
import css from './JobsPage.module.css';

/** A job that has ended: what came of it, and what one can have of it. */
export function EndedRow({ id }: { id: string }) {
  const job = useRecord(jobs, id);
  return job && <Row job={job} />;
}

function Row({ job }: { job: Job }) {
  const zone = useZone();
  const now = useNow();
  const about = useAbout(job);
  const words = jobsText;
  const look = lookOf(job);
  const kind = kindName(job.kind);
  const result = resultOf(job);
  const taken = secondsTaken(job);
  const at = job.finished_at === null ? undefined : Date.parse(job.finished_at);
  const sameDay = at !== undefined && today(at, zone) === today(now, zone);
  return (
    <div className={css['ended']} data-job={job.id}>
      <JobSign look={look} />
      <span className={css['kind']}>
        <Link href={`/jobs/${job.id}${window.location.search}`} aria-label={words.open({ what: `${kind} ${about}` })}>
          {kind}
        </Link>
      </span>
      <span className={`cut ${css['result']}`} title={job.error ?? undefined}>
        {look === 'failed' && <b className={css['bad']}>{words.failedShort}. </b>}
        {look === 'cancelled' && <b>{words.cancelled}. </b>}
        {look === 'done' && <span className="vh">{words.done}. </span>}
        {about}
        {result && `${about ? ', ' : ''}${result}`}
        {look === 'failed' && job.error && `: ${job.error}`}
      </span>
      <Avatar person={{ id: job.owner_id, name: job.owner_name }} size="small" />
      <span className={css['faint']}>
        {at !== undefined && (
          <time dateTime={job.finished_at ?? ''} title={exactTime(at, zone)}>
            {sameDay ? clock(at, zone) : date(today(at, zone), today(now, zone))}
          </time>
        )}
      </span>
      <span className={css['took']}>{taken !== undefined && words.seconds({ seconds: taken })}</span>
      <span className={css['acts']}>
        <Acts job={job} />
      </span>
    </div>
  );
}

/** What one can have of a job that has ended. */
export function Acts({ job, withReport = true }: { job: Job; withReport?: boolean }) {
  const words = jobsText;
  const exported = isKind(job, 'bulk-export') ? job.result : null;
  const file = useFile(exported?.file_id);
  const look = lookOf(job);
  const retry = (): void => void act(job, 'retry').then((done) => done && toast({ words: words.retriedOne({ what: kindName(job.kind) }) }));
  return (
    <>
      {file && (
        <a className={buttonClass({ size: 'small' })} href={file.url} download={file.name}>
          <IconDownload size={16} stroke={1.75} aria-hidden="true" />
          {words.download}
        </a>
      )}
      {withReport && job.problems > 0 && (
        <a className={buttonClass({ size: 'small', look: 'quiet' })} href={`${base}/api/v1/jobs/${job.id}/report?bom=true`} download={`report-${job.id}.csv`}>
          <IconDownload size={16} stroke={1.75} aria-hidden="true" />
          {words.report}
        </a>
      )}
      {isKind(job, 'data-import') && (look === 'failed' || (look === 'done' && job.args.dry_run)) ? (
        <Link className={buttonClass({ size: 'small', look: 'quiet' })} href={addressOf(job.args, look === 'done' ? job.id : '')}>
          {words.goOn}
        </Link>
      ) : (
        (look === 'failed' || look === 'cancelled') && (
          <Button size="small" look="quiet" onClick={retry}>
            {isKind(job, 'data-import') ? words.goOn : words.retry}
          </Button>
        )
      )}
    </>
  );
}
