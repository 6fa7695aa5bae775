import { IconBolt, IconFilterOff, IconUpload } from '@tabler/icons-react';
import { useCallback } from 'react';

import { Link, useLocation, useParams, useParamsOf } from '../address';
import { problemWords } from '../client';
import { useMayEdit } from '../session';
import { episodeText } from '../text/episode';
import { jobsText } from '../text/jobs';
import { Button, buttonClass, Empty, NotLoaded, Page, Skeleton } from '../ui';
import { jobsParams } from './address';
import { inOrder, useEnded, useUnderWay } from './api';
import { Durations } from './Durations';
import { EditorsOnly } from './EditorsOnly';
import { EndedRow } from './EndedRow';
import { Filters } from './Filters';
import { JobDrawer } from './JobDrawer';
import { isUnderWay, lookOf } from './look';
import { jobs } from './store/job';
import { UnderWayRow } from './UnderWayRow';
import css from './JobsPage.module.css';

/** Work in the background: one's own jobs, for admins all. One of them opens in a drawer over the list. */
export default function JobsPage() {
  return useMayEdit() ? <Jobs /> : <EditorsOnly title={jobsText.title} />;
}

function Jobs() {
  const { id } = useParams<{ id?: string }>();
  const [address, change] = useParamsOf(jobsParams);
  const { status, kind, owner } = address;
  const [, go] = useLocation();
  const underWay = useUnderWay({ kind, owner });
  const ended = useEnded(address);
  const close = useCallback(() => go(`/jobs${window.location.search}`), [go]);
  const begun = status === '' || status === 'pending' || status === 'processing';
  const over = status === '' || !begun;
  const now = begun ? inOrder(underWay.data ?? []).filter((one) => show(one, (job) => isUnderWay(job) && (status === '' || job.status === status))) : [];
  const before = over ? (ended.data ?? []).filter((one) => show(one, (job) => !isUnderWay(job) && (status === '' || job.status === status))) : [];
  const looks = now.map((one) => jobs.get(one)).map((job) => job && lookOf(job));
  const running = looks.filter((look) => look === 'running').length;
  const loaded = (!begun || underWay.data) && (!over || ended.data);
  const error = (begun ? underWay.error : null) ?? (over ? ended.error : null);
  const narrowed = status !== '' || kind !== '' || owner !== '';
  const waiting = now.length - running;
  return (
    <Page
      title={jobsText.title}
      {...(now.length > 0 ? { count: jobsText.runningAndWaiting({ running, waiting }) } : {})}
      bar={<Filters address={address} change={change} />}
      acts={
        <Link href="/import" className={buttonClass({ look: 'ink' })}>
          <IconUpload size={16} stroke={1.75} aria-hidden="true" />
          {jobsText.import}
        </Link>
      }
    >
      <div className={css['body']}>
        {!loaded && error ? (
          <NotLoaded
            title={jobsText.notLoaded}
            onAgain={() => {
              void underWay.refetch();
              void ended.refetch();
            }}
          >
            {problemWords(error)}
          </NotLoaded>
        ) : !loaded ? (
          <Skeleton rows={8} height={52} />
        ) : (
          <div className={css['columns']}>
            <div className={css['column']}>
              {now.length > 0 && (
                <section className={css['panel']} aria-label={jobsText.underWay}>
                  <header className={css['head']}>
                    <h2>{jobsText.underWay}</h2>
                    <span className={css['count']}>{now.length}</span>
                  </header>
                  {now.map((one) => (
                    <UnderWayRow key={one} id={one} />
                  ))}
                </section>
              )}
              {before.length > 0 && (
                <section className={css['panel']} aria-label={jobsText.ended}>
                  <header className={css['head']}>
                    <h2>{jobsText.ended}</h2>
                  </header>
                  <div className={css['heads']} aria-hidden="true">
                    <span />
                    <span>{jobsText.heads.kind}</span>
                    <span>{jobsText.heads.what}</span>
                    <span />
                    <span>{jobsText.heads.ended}</span>
                    <span>{jobsText.heads.took}</span>
                    <span />
                  </div>
                  {before.map((one) => (
                    <EndedRow key={one} id={one} />
                  ))}
                </section>
              )}
              {over && ended.hasNextPage && (
                <Button className={css['more']} aria-disabled={ended.isFetchingNextPage} onClick={() => !ended.isFetchingNextPage && void ended.fetchNextPage()}>
                  {episodeText.timeline.more}
                </Button>
              )}
              {now.length === 0 && before.length === 0 && !(over && ended.hasNextPage) && (
                <Empty
                  icon={narrowed ? IconFilterOff : IconBolt}
                  title={narrowed ? jobsText.noMatch : jobsText.none}
                  acts={narrowed && <Button onClick={() => change({ status: '', kind: '', owner: '' })}>{jobsText.clear}</Button>}
                >
                  {narrowed ? jobsText.noMatchWhy : jobsText.noneWhy}
                </Empty>
              )}
            </div>
            <Durations />
          </div>
        )}
      </div>
      {id !== undefined && <JobDrawer key={id} id={id} onClose={close} />}
    </Page>
  );
}

function show(id: string, wanted: (job: NonNullable<ReturnType<typeof jobs.get>>) => boolean): boolean {
  const job = jobs.get(id);
  return job !== undefined && wanted(job);
}
