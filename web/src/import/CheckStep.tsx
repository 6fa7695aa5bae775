import { IconAlertTriangle, IconBan, IconCheck, IconDownload, IconUpload } from '@tabler/icons-react';
import type { ImportArgs, ImportResult } from 'callboard';
import { useState } from 'react';

import { base, statusOf } from '../client';
import { act, useJob, useReport, type Job } from '../jobs/shared';
import { importsText } from '../text/imports';
import { jobsText } from '../text/jobs';
import { Bar, Button, buttonClass, Skeleton } from '../ui';
import { begin } from './api';
import { Counts, RowTable } from './Counts';
import type { StepProps } from './ImportPage';
import { NoSeason } from './ColumnsStep';
import { hasNoSeason } from './questions';
import { Says } from './Says';
import css from './import.module.css';

/** The third step: every row is looked at, and nothing is written. */
export function CheckStep({ address, change }: StepProps) {
  const { job, error } = useJob(address.check);
  const [busy, setBusy] = useState(false);
  const words = importsText.check;
  const result = job?.result as ImportResult | null | undefined;
  const can = result ? result.created + result.updated + result.unchanged : 0;
  const write = async (): Promise<void> => {
    if (!job || busy) {
      return;
    }
    setBusy(true);
    const { dry_run, ...request } = job.args as ImportArgs; // what was checked, whatever the address says
    const id = await begin(request, false);
    setBusy(false);
    if (id !== undefined) {
      change({ job: id });
    }
  };
  return (
    <>
      <div className={css['body']}>
        <div className={`${css['page']} ${css['narrow']}`}>
          {!job && (error ? <Says look="bad" icon={IconAlertTriangle} title={statusOf(error) === 404 ? words.gone : jobsText.drawer.notLoaded} why={words.goneWhy} /> : <Skeleton rows={4} height={52} />)}
          {job && <Outcome job={job} result={result ?? undefined} can={can} onAgain={() => change({ check: '' })} />}
        </div>
      </div>
      <footer className={css['foot']} data-foot>
        <Button look="quiet" onClick={() => change({ check: '' })}>
          {importsText.back}
        </Button>
        {result && result.refused > 0 && (
          <Button look="quiet" onClick={() => change({ file: '', check: '', dates: address.dates || (result.layout.date_order ?? '') })}>
            <IconUpload size={14} stroke={1.75} aria-hidden="true" />
            {words.mended}
          </Button>
        )}
        <span className={css['footWords']} />
        {result && can > 0 && (
          <Button look="ink" aria-disabled={busy} onClick={() => void write()}>
            {words.begin({ n: can })}
          </Button>
        )}
      </footer>
    </>
  );
}

function Outcome({ job, result, can, onAgain }: { job: Job; result: ImportResult | undefined; can: number; onAgain: () => void }) {
  const words = importsText.check;
  if (job.status === 'pending' || job.status === 'processing') {
    return (
      <section className={`${css['panel']} ${css['running']}`}>
        <h2 className={css['panelTitle']}>{words.running}</h2>
        <span className={css['sending']}>
          <Bar value={job.progress} label={words.running} />
          <span className={css['faint']}>{job.message}</span>
          <Button size="small" look="quiet" act={() => act(job, 'cancel')}>
            {jobsText.cancel}
          </Button>
        </span>
      </section>
    );
  }
  if (!result) {
    const cancelled = job.status === 'cancelled';
    return (
      <>
        <Says look="bad" icon={cancelled ? IconBan : IconAlertTriangle} title={cancelled ? words.cancelled : words.failed} why={job.error ?? words.goneWhy} />
        <div>
          <Button onClick={onAgain}>{words.again}</Button>
        </div>
      </>
    );
  }
  const of = result.rows - result.skipped;
  const { refused } = result;
  return (
    <>
      {can === 0 ? (
        <Says look="bad" icon={IconAlertTriangle} title={words.nothing} why={words.nothingWhy} />
      ) : (
        <Says look={refused > 0 ? 'warn' : 'ok'} icon={refused > 0 ? IconAlertTriangle : IconCheck} title={words.ready({ n: can, of })} why={refused > 0 ? words.readyRefused({ n: refused }) : words.readyWhy} />
      )}
      <Counts counts={result} shows={result.shows} showCount={result.show_count} title={importsText.counts.title} />
      {hasNoSeason(result.layout) && result.created > 0 && <NoSeason />}
      {job.problems > 0 && <LeftOut job={job} refused={refused} />}
      {can > 0 && <p className={css['small']}>{words.asJob}</p>}
    </>
  );
}

const mostRows = 200;

/** Rows that are left out first, then what else there is to say. */
function LeftOut({ job, refused }: { job: Job; refused: number }) {
  const report = useReport(job);
  const words = importsText.check;
  const remarks = report.data?.remarks ?? [];
  const rows = [true, false].flatMap((out) => remarks.filter(({ outcome }) => (outcome === 'refused') === out).map(({ item, reason }) => ({ line: item.replace(/^line /, ''), reason, refused: out })));
  return (
    <section className={css['panel']} aria-label={refused > 0 ? words.leftOut : importsText.remarks}>
      <header className={css['panelHead']}>
        <h2 className={css['panelTitle']}>{refused > 0 ? words.leftOut : importsText.remarks}</h2>
        {refused > 0 && <span className={css['faint']}>{refused}</span>}
        <span className={css['grow']} />
        {refused > 0 && (
          <a className={buttonClass({ size: 'small', look: 'quiet' })} href={`${base}/api/v1/imports/${job.id}/refused`} download>
            <IconDownload size={16} stroke={1.75} aria-hidden="true" />
            {words.refusedRows}
          </a>
        )}
        <a className={buttonClass({ size: 'small' })} href={`${base}/api/v1/jobs/${job.id}/report?bom=true`} download={`report-${job.id}.csv`}>
          <IconDownload size={16} stroke={1.75} aria-hidden="true" />
          {words.report}
        </a>
      </header>
      {report.isPending ? <Skeleton rows={3} height={34} /> : <RowTable rows={rows.slice(0, mostRows)} />}
      {(rows.length > mostRows || report.data?.more) && <p className={`${css['small']} ${css['inset']}`}>{words.first({ n: Math.min(rows.length, mostRows) })}</p>}
    </section>
  );
}
