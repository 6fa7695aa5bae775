import type { Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import type { JobArgs, JobResult } from './kinds.js';

type View = Camel<Schemas['JobView']>;

export type JobStatus = View['status'];

/** A job. `args` and `result` are as its kind has them; the result is null until the job is completed. */
export type Job<K extends string = string> = Omit<View, 'kind' | 'args' | 'result'> & {
  kind: K;
  args: JobArgs<K>;
  result: JobResult<K> | null;
};

/** A job that has come to its end; `status` tells to which. */
export type FinishedJob<K extends string = string> = Job<K> & (
  | { status: 'completed'; result: JobResult<K> }
  | { status: 'failed'; error: string }
  | { status: 'cancelled' }
);

export function jobOf<K extends string>(view: Schemas['JobView']): Job<K> {
  return camel(view) as Job<K>;
}

export function isFinished<K extends string>(job: Job<K>): job is FinishedJob<K> {
  return job.status === 'completed' || job.status === 'failed' || job.status === 'cancelled';
}
