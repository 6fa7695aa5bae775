import type { Schemas } from 'callboard';

import { Records } from '../../live';

export type Job = Schemas['JobView'];

/** The jobs that were read, each once. */
export const jobs = new Records<Job>();

/** Takes a job as it was read. */
export function takeJob(read: Job): void {
  jobs.put(furthest(jobs.saved(read.id), read));
}

/** A bar never goes back within an attempt: a read may be older than what was told meanwhile. */
export function furthest(known: Job | undefined, read: Job): Job {
  const sameAttempt = known?.status === 'processing' && read.status === 'processing' && known.attempt === read.attempt && known.queued_at === read.queued_at;
  return sameAttempt && known.progress > read.progress ? { ...read, progress: known.progress, message: known.message, estimated_end: known.estimated_end } : read;
}

/** Returns a job after a message about it; undefined when the message says nothing new. */
export function after(job: Job, event: string, data: unknown, at: string): Job | undefined {
  if (event === 'job_progress') {
    const { attempt, progress, message = '', estimated_end: end = null } = data as Schemas['ProgressData'];
    return job.status === 'processing' && job.attempt === attempt && progress >= job.progress ? { ...job, progress, message, estimated_end: end } : undefined;
  }
  const { status, attempt, max_attempts, next_run_at: next = null, error } = data as Schemas['JobData'];
  const told = { ...job, attempt, max_attempts, next_run_at: next, estimated_end: null };
  switch (event) {
    case 'job_queued':
      return { ...told, status: 'pending', error: null, progress: 0, message: '', finished_at: null, queued_at: at };
    case 'job_started':
      return { ...told, status: 'processing', error: null, progress: 0, message: '', started_at: at };
    case 'job_retry':
      return { ...told, status: 'pending', error: error ?? '' };
    case 'job_completed':
      return { ...told, status: 'completed', progress: 100, finished_at: at };
    case 'job_failed':
      return { ...told, status: 'failed', error: error ?? '', finished_at: at };
    case 'job_cancelled':
      return { ...told, status: 'cancelled', finished_at: at };
    default:
      return status === job.status ? undefined : told;
  }
}
