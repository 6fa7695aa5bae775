import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';
import { useEffect } from 'react';

import { call, client, problemWords, queries, statusOf } from '../client';
import { connection, useRecord } from '../live';
import { useMe } from '../session';
import { jobsText } from '../text/jobs';
import { toast } from '../ui';
import type { JobsAddress } from './address';
import { isUnderWay, lookOf } from './look';
import { refreshJobs } from './store/apply';
import { jobs, takeJob, type Job } from './store/job';

type Narrowed = Pick<JobsAddress, 'kind' | 'owner'>;

const most = 200; // of what is under way: the pages of a list are as long at most
const order = ['running', 'again', 'waiting'];
const pulse = 20_000; // ms: that others queue a job is told to nobody but them

const narrowing = ({ kind, owner }: Narrowed) => ({ ...(kind && { kind }), ...(owner && { owner_id: owner }) });

async function read(query: { status?: Job['status']; cursor?: string; limit: number } & ReturnType<typeof narrowing>, signal: AbortSignal) {
  const page = await call(() => client.api.GET('/api/v1/jobs', { params: { query }, signal }));
  page.data.forEach(takeJob);
  return { ids: page.data.map(({ id }) => id), next: page.pagination.next_cursor };
}

const underWayQuery = (filter: Narrowed) =>
  queryOptions({
    queryKey: ['jobs', 'under-way', filter] as const,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all((['processing', 'pending'] as const).map((status) => read({ status, limit: most, ...narrowing(filter) }, signal)));
      return [...new Set(pages.flatMap(({ ids }) => ids))];
    },
  });

/** Jobs under way that the filter lets through: running ones first, then those that are tried again, then those that wait, the oldest first. */
export function useUnderWay(filter: Narrowed) {
  const admin = useMe().role === 'admin';
  return useQuery({ ...underWayQuery(filter), refetchInterval: admin ? pulse : false });
}

/** The order of what is under way, of jobs as they are now. */
export function inOrder(ids: readonly string[]): string[] {
  const place = (id: string): number => {
    const job = jobs.get(id);
    return job ? order.indexOf(lookOf(job)) : order.length;
  };
  return [...ids].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Jobs that have ended, the newest first; the pages also have those under way, which are left out where they are shown. */
export function useEnded({ status, ...filter }: JobsAddress) {
  return useInfiniteQuery(
    infiniteQueryOptions({
      queryKey: ['jobs', 'ended', status, filter] as const,
      queryFn: ({ pageParam, signal }) =>
        read({ limit: 50, ...(status && { status }), ...(pageParam && { cursor: pageParam }), ...narrowing(filter) }, signal),
      initialPageParam: '',
      getNextPageParam: ({ next }) => next || null,
      select: ({ pages }) => [...new Set(pages.flatMap(({ ids }) => ids))],
      enabled: status !== 'pending' && status !== 'processing',
    }),
  );
}

/** A job, read once and kept right by events. It is followed closely while it is under way. */
export function useJob(id: string): { job: Job | undefined; error: unknown } {
  const query = useQuery({
    queryKey: ['jobs', 'one', id] as const,
    queryFn: async ({ signal }) => {
      const { data } = await call(() => client.api.GET('/api/v1/jobs/{id}', { params: { path: { id } }, signal }));
      takeJob(data);
      return id;
    },
    enabled: id !== '',
  });
  const job = useRecord(jobs, id);
  useProgress(job);
  return { job, error: query.error };
}

/** Listens to how far a job is, which its own channel alone tells. */
export function useProgress(job: Job | undefined): void {
  const followed = job && isUnderWay(job) ? job.id : undefined;
  useEffect(() => (followed === undefined ? undefined : connection.hold(`job:${followed}`)), [followed]);
}

/** Cancels or retries a job. Returns whether that was done; a toast says why it was not. */
export async function act({ id }: Job, what: 'cancel' | 'retry'): Promise<boolean> {
  const init = { params: { path: { id } } };
  try {
    const { data } = await call(() => (what === 'cancel' ? client.api.POST('/api/v1/jobs/{id}/cancel', init) : client.api.POST('/api/v1/jobs/{id}/retry', init)));
    jobs.put(data);
    refreshJobs();
    return true;
  } catch (error) {
    toast({ look: 'bad', words: jobsText.notDone, more: problemWords(error) });
    return false;
  }
}

export type Stats = Schemas['JobStatsView'];

/** Figures of the last 24 hours, by kind. */
export function useStats() {
  return useQuery({
    queryKey: ['jobs', 'stats'] as const,
    queryFn: async ({ signal }) => (await call(() => client.api.GET('/api/v1/jobs/stats', { signal }))).data,
  });
}

/** What is known of a file; null of one that is gone, or that is not for this user. */
export const fileQuery = (id: string) =>
  queryOptions({
    queryKey: ['file', id] as const,
    queryFn: async ({ signal }): Promise<Schemas['FileView'] | null> => {
      try {
        return (await call(() => client.api.GET('/api/v1/files/{id}', { params: { path: { id } }, signal }))).data;
      } catch (error) {
        if (statusOf(error) === 404) {
          return null;
        }
        throw error;
      }
    },
  });

/** A file by its ID; undefined while it is read, and for no ID. */
export function useFile(id: string | undefined): Schemas['FileView'] | null | undefined {
  return useQuery({ ...fileQuery(id ?? ''), enabled: id !== undefined && id !== '' }).data;
}

export type Line = Schemas['JobLineView'];

const logPage = 200;

/** What a job has logged, oldest first. It is read on from where it ended, once a second while the job is under way. */
export function useLog(id: string, follow: boolean) {
  const key = ['jobs', 'log', id] as const;
  return useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<{ lines: Line[]; from: string }>(key);
      let from = known?.from ?? ''; // where the last page begins, which may have grown
      let lines = known?.lines ?? [];
      for (;;) {
        const cursor = from;
        const page = await call(() => client.api.GET('/api/v1/jobs/{id}/logs', { params: { path: { id }, query: { limit: logPage, ...(cursor && { cursor }) } }, signal }));
        const first = page.data[0]?.seq ?? Infinity;
        lines = [...lines.filter(({ seq }) => seq < first), ...page.data];
        if (!page.pagination.next_cursor) {
          return { lines, from };
        }
        from = page.pagination.next_cursor;
      }
    },
    refetchInterval: follow ? 1000 : false,
  });
}

export interface Remark {
  item: string;
  reason: string;
  outcome: string;
}

/** The first remarks of a job's report, and whether there are more. */
export function useReport(job: Job | undefined, wanted = true) {
  const id = job?.id ?? '';
  return useQuery({
    queryKey: ['jobs', 'report', id, job?.problems] as const,
    queryFn: async ({ signal }) => readReport(id, signal),
    enabled: wanted && id !== '' && (job?.problems ?? 0) > 0,
  });
}

const mostLetters = 200_000; // of a report that is read to be shown

async function readReport(id: string, signal: AbortSignal): Promise<{ remarks: Remark[]; more: boolean }> {
  const [response, { parseCsv }] = await Promise.all([client.jobs.report(id, { signal }), import('./csv')]);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let letters = '';
  let more = false;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) {
      break;
    }
    letters += value;
    if (letters.length > mostLetters) {
      more = true;
      await reader?.cancel();
      break;
    }
  }
  const rows = parseCsv(letters).slice(1); // below the header
  return { remarks: (more ? rows.slice(0, -1) : rows).map(([item = '', reason = '', outcome = '']) => ({ item, reason, outcome })), more };
}
