import { bodyOf, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { segment } from './check.js';
import { answerOf } from './content.js';
import { jobOf, type Job, type JobStatus } from './job.js';
import type { JobArgs, JobKind } from './kinds.js';
import { listOf, queryOf, type List, type PageOptions } from './list.js';
import type * as web from './web.js';

export interface QueueOptions extends CallOptions {
  /** The episode that it belongs to. A job about a file belongs to that of the file. */
  episodeId?: string | undefined;
  /** 1–4; 1 comes first. Default: 2. */
  priority?: number | undefined;
  /** 1–25. Default: what the kind says. */
  maxAttempts?: number | undefined;
  /** A repeat with the same key within 24 hours queues nothing, and gives the job of the first call. */
  idempotencyKey?: string | undefined;
}

export interface JobFilter extends PageOptions {
  status?: JobStatus | undefined;
  kind?: JobKind | undefined;
  episodeId?: string | undefined;
  ownerId?: string | undefined;
}

/** A line that a job has logged. */
export type JobLine = Camel<Schemas['JobLineView']>;

/** A kind of jobs, with the JSON schema of its arguments. */
export type JobKindInfo = Camel<Schemas['JobKindView']>;

/** Figures of one kind: counts by status, and how long completed jobs ran. */
export type JobStats = Omit<Camel<Schemas['JobStatsView']>, 'counts'> & { counts: Record<JobStatus, number> };

/** Work in the background. One's own jobs; admins see all. */
export class JobCalls {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Queues a job. Needs the role of an editor. */
  async queue<K extends JobKind>(kind: K, args: JobArgs<K>, options: QueueOptions = {}): Promise<Job<K>> {
    const { episodeId, priority, maxAttempts, idempotencyKey } = options;
    const body: Schemas['JobQueueBody'] = {
      kind,
      args: { ...args },
      ...(episodeId !== undefined && { episode_id: episodeId }),
      ...(priority !== undefined && { priority }),
      ...(maxAttempts !== undefined && { max_attempts: maxAttempts }),
    };
    const header = idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey };
    const { data } = await bodyOf(this.#api.POST('/api/v1/jobs', { params: { header }, body, ...initOf(options) }));
    return jobOf(data);
  }

  /** Jobs, newest first. */
  async list(filter: JobFilter = {}): Promise<List<Job>> {
    const { status, kind, episodeId, ownerId } = filter;
    const query = {
      ...queryOf(filter),
      ...(status !== undefined && { status }),
      ...(kind !== undefined && { kind }),
      ...(episodeId !== undefined && { episode_id: episodeId }),
      ...(ownerId !== undefined && { owner_id: ownerId }),
    };
    return listOf(await bodyOf(this.#api.GET('/api/v1/jobs', { params: { query }, ...initOf(filter) })), (view) => jobOf<string>(view));
  }

  async get<K extends string = string>(id: string, options: CallOptions = {}): Promise<Job<K>> {
    const { data } = await bodyOf(this.#api.GET('/api/v1/jobs/{id}', { ...pathOf(id), ...initOf(options) }));
    return jobOf(data);
  }

  /** Calls a job off, also one that is being processed. What it has done stays. */
  async cancel<K extends string = string>(id: string, options: CallOptions = {}): Promise<Job<K>> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/jobs/{id}/cancel', { ...pathOf(id), ...initOf(options) }));
    return jobOf(data);
  }

  /** Starts a job once more that failed or was cancelled, or at once one that waits for its next attempt. */
  async retry<K extends string = string>(id: string, options: CallOptions = {}): Promise<Job<K>> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/jobs/{id}/retry', { ...pathOf(id), ...initOf(options) }));
    return jobOf(data);
  }

  /** What a job has logged, oldest first. */
  async logs(id: string, page: PageOptions = {}): Promise<List<JobLine>> {
    const params = { ...pathOf(id).params, query: queryOf(page) };
    return listOf(await bodyOf(this.#api.GET('/api/v1/jobs/{id}/logs', { params, ...initOf(page) })), camel);
  }

  /** What a job could not take, such as bad rows of an import: CSV with the columns item, reason and outcome, to be read as it comes. */
  async report(id: string, options: CallOptions = {}): Promise<web.Response> {
    const init = { ...pathOf(id), parseAs: 'stream' as const, ...initOf(options) };
    return answerOf(this.#api.GET('/api/v1/jobs/{id}/report', init));
  }

  async kinds(options: CallOptions = {}): Promise<JobKindInfo[]> {
    const { data } = await bodyOf(this.#api.GET('/api/v1/jobs/kinds', initOf(options)));
    return data.map(camel);
  }

  /** Figures by kind: of jobs under way, and of those that ended within the last 24 hours or what is given. */
  async stats(options: CallOptions & { windowHours?: number | undefined } = {}): Promise<JobStats[]> {
    const query = options.windowHours === undefined ? {} : { window_hours: options.windowHours };
    const { data } = await bodyOf(this.#api.GET('/api/v1/jobs/stats', { params: { query }, ...initOf(options) }));
    return data.map((view) => camel(view) as JobStats);
  }
}

function pathOf(id: string): { params: { path: { id: string } } } {
  return { params: { path: { id: segment('id', id) } } };
}
