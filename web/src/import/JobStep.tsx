import { IconAlertTriangle, IconBan, IconCheck, IconDownload, IconProgress, IconUpload } from '@tabler/icons-react';
import type { ImportResult } from 'callboard';

import { Link } from '../address';
import { base, statusOf } from '../client';
import { act, secondsLeft, useJob } from '../jobs/shared';
import { importsText } from '../text/imports';
import { jobsText } from '../text/jobs';
import { Bar, Button, buttonClass, Skeleton } from '../ui';
import { Counts } from './Counts';
import type { StepProps } from './ImportPage';
import { Says } from './Says';
import css from './import.module.css';

/** The last step: the import itself, which goes on without this page, and what came of it. */
export function JobStep({ address, change }: StepProps) {
  const { job, error } = useJob(address.job);
  const words = importsText.job;
  if (!job) {
    return (
      <div className={css['body']}>
        <div className={`${css['page']} ${css['narrow']}`}>
          {error ? <Says look="bad" icon={IconAlertTriangle} title={statusOf(error) === 404 ? words.gone : jobsText.drawer.notLoaded} /> : <Skeleton rows={4} height={52} />}
        </div>
      </div>
    );
  }
  const result = job.result as ImportResult | null;
  const underWay = job.status === 'pending' || job.status === 'processing';
  const n = result ? result.created + result.updated + result.unchanged : 0;
  const changed = result ? result.created + result.updated : 0;
  const show = result?.show_count === 1 ? result.shows[0]?.id : undefined;
  return (
    <>
      <div className={css['body']}>
        <div className={`${css['page']} ${css['narrow']}`}>
          {underWay && (
            <>
              <Says look="now" icon={IconProgress} title={words.running} why={words.leave} />
              <section className={`${css['panel']} ${css['running']}`}>
                <span className={css['sending']}>
                  <Bar value={job.progress} label={words.running} />
                  <span className={css['faint']}>{job.status === 'pending' ? jobsText.waiting : jobsText.percent({ percent: job.progress, message: job.message, left: secondsLeft(job) })}</span>
                </span>
              </section>
            </>
          )}
          {job.status === 'completed' && result && (
            <Says
              look={result.refused > 0 ? 'warn' : 'ok'}
              icon={result.refused > 0 ? IconAlertTriangle : IconCheck}
              title={changed === 0 ? words.nothing : words.done({ n })}
              why={changed === 0 ? words.nothingWhy : words.doneWhy(result)}
            />
          )}
          {job.status === 'failed' && <Says look="bad" icon={IconAlertTriangle} title={words.failed} why={job.error} />}
          {job.status === 'cancelled' && <Says look="bad" icon={IconBan} title={words.cancelled} why={words.cancelledWhy} />}
          {result && <Counts counts={result} shows={result.shows} showCount={result.show_count} title={importsText.counts.title} />}
          {result && result.refused > 0 && (
            <section className={css['panel']} aria-label={words.leftOut({ n: result.refused })}>
              <header className={css['panelHead']}>
                <h2 className={css['panelTitle']}>{words.leftOut({ n: result.refused })}</h2>
              </header>
              <p className={css['inset']}>{words.leftOutWhy}</p>
              <div className={css['acts']}>
                <a className={buttonClass({})} href={`${base}/api/v1/imports/${job.id}/refused`} download>
                  <IconDownload size={16} stroke={1.75} aria-hidden="true" />
                  {words.download}
                </a>
                <Button onClick={() => change({ file: '', check: '', job: '', dates: address.dates || (result.layout.date_order ?? '') })}>
                  <IconUpload size={16} stroke={1.75} aria-hidden="true" />
                  {words.mended}
                </Button>
                <a className={buttonClass({ look: 'quiet' })} href={`${base}/api/v1/jobs/${job.id}/report?bom=true`} download={`report-${job.id}.csv`}>
                  <IconDownload size={16} stroke={1.75} aria-hidden="true" />
                  {words.report}
                </a>
              </div>
            </section>
          )}
        </div>
      </div>
      <footer className={css['foot']} data-foot>
        {underWay ? (
          <Button look="quiet" act={() => act(job, 'cancel')}>
            {words.cancel}
          </Button>
        ) : (
          <Link href="/import" className={buttonClass({ look: 'quiet' })}>
            {words.another}
          </Link>
        )}
        <Link href={`/jobs/${job.id}`} className={buttonClass({ look: 'quiet' })}>
          {words.log}
        </Link>
        <span className={css['footWords']} />
        {job.status === 'cancelled' && (
          <Button look="ink" act={() => act(job, 'retry')}>
            {words.goOn}
          </Button>
        )}
        {job.status === 'completed' && n > 0 && (
          <Link href={show ? `/episodes?show=${show}` : '/episodes'} className={buttonClass({ look: 'ink' })}>
            {words.show}
          </Link>
        )}
      </footer>
    </>
  );
}
