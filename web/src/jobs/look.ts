import { serverNow } from '../client';
import type { Job } from './store/job';

/** How a job stands, as people see it: one that failed and will be tried again is no longer just waiting. */
export type Look = 'waiting' | 'running' | 'again' | 'done' | 'failed' | 'cancelled';

const looks: Record<Job['status'], Look> = { pending: 'waiting', processing: 'running', completed: 'done', failed: 'failed', cancelled: 'cancelled' };

export const lookOf = ({ status, error }: Job): Look => (status === 'pending' && error !== null ? 'again' : looks[status]);

export const isUnderWay = ({ status }: Job): boolean => status === 'pending' || status === 'processing';

/** How many seconds a job will take if it goes on like this; undefined while that is not known. */
export function secondsLeft({ estimated_end: end }: Job): number | undefined {
  return end === null ? undefined : Math.max(0, (Date.parse(end) - serverNow()) / 1000);
}

/** How many seconds the last attempt of a job took that has ended. */
export function secondsTaken({ started_at: from, finished_at: to }: Job): number | undefined {
  return from === null || to === null ? undefined : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
