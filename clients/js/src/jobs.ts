import type { Api } from './api.js';
import type { FinishedJob, Job } from './job.js';
import { JobCalls } from './job_calls.js';
import type { Live } from './live.js';
import { watchJob } from './watch.js';
import type * as web from './web.js';

export interface WatchOptions {
  /** Ends the watching, not the job: the promise rejects with the signal's reason. */
  signal?: web.AbortSignal | undefined;
}

/** The calls of jobs, and watching one over the client's connection. */
export class Jobs extends JobCalls {
  readonly #connect: () => Live;

  constructor(api: Api, connect: () => Live) {
    super(api);
    this.#connect = connect;
  }

  /**
   * Resolves to the job once it is completed, failed or cancelled; `status` tells which. Until then onProgress is called
   * with the job as it is now and after every change. It listens on the client's connection, and connects when there is
   * none.
   */
  async watch<K extends string = string>(
    id: string, onProgress: (job: Job<K>) => void = () => undefined, options: WatchOptions = {},
  ): Promise<FinishedJob<K>> {
    const read = (signal: web.AbortSignal): Promise<Job<K>> => this.get<K>(id, { signal });
    return watchJob({ id, read, connect: this.#connect, onProgress, signal: options.signal });
  }
}
