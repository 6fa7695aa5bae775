import { CallboardError } from './error.js';
import { isFinished, type FinishedJob, type Job } from './job.js';
import type { Live } from './live.js';
import { channels, type LiveEvents } from './message.js';
import { wait } from './wait.js';

export interface WatchConfig<K extends string> {
  id: string;
  read: (signal: AbortSignal) => Promise<Job<K>>;
  connect: () => Pick<Live, 'ready' | 'on' | 'hold'>;
  onProgress: (job: Job<K>) => void;
  signal: AbortSignal | undefined;
}

/** How long a read that failed waits before it is tried again, in milliseconds: at first, and at most. */
const minBackoff = 500;
const maxBackoff = 30_000;

/** Events after which the job itself has the whole story. */
const changes = ['job_queued', 'job_completed', 'job_failed', 'job_cancelled'] as const;

/** Watches a job until its end. See Jobs.watch. */
export async function watchJob<K extends string>(config: WatchConfig<K>): Promise<FinishedJob<K>> {
  const { signal } = config;
  signal?.throwIfAborted();
  const watch = new Watch(config);
  const abort = (): void => watch.fail(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    return await watch.run();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/**
 * What is told comes from three sources. Reading the job is what counts: each event of its life, and each subscription to
 * its channel, is followed by a read, so that nothing is missed, and only a read ends the watching. Progress comes live
 * alone. The start and the failure of an attempt are told from their events too, since a read may come too late to see them.
 */
class Watch<K extends string> {
  readonly #config: WatchConfig<K>;
  readonly #end = new AbortController();
  readonly #ended: Promise<FinishedJob<K>>;
  #resolve: (job: FinishedJob<K>) => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  #job: Job<K> | undefined;
  /** The progress below which a report is an old one; 0 until the attempt has reported. */
  #floor = 0;
  #reading = false;
  /** Set when what is being read may be old already. */
  #outdated = false;

  constructor(config: WatchConfig<K>) {
    this.#config = config;
    this.#ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#ended.catch(() => undefined); // it may be ended before anybody waits for it
  }

  async run(): Promise<FinishedJob<K>> {
    // A job that is done, or that we may not read, needs no connection.
    const first = await Promise.race([this.#config.read(this.#end.signal), this.#ended]);
    this.#take(first);
    return this.#end.signal.aborted ? this.#ended : this.#listen(this.#config.connect());
  }

  fail(reason: unknown): void {
    this.#end.abort();
    this.#reject(reason);
  }

  async #listen(live: ReturnType<WatchConfig<K>['connect']>): Promise<FinishedJob<K>> {
    const channel = channels.resource('job', this.#config.id);
    const off = this.#handlers(live);
    const held = live.ready.then(() => (this.#end.signal.aborted ? () => undefined : live.hold(channel)));
    try {
      await Promise.race([held, this.#ended]);
      off.push(
        live.on('subscribed', (subscribed) => subscribed.channel === channel && this.#refresh()),
        live.on('unsubscribed', (lost) => lost.channel === channel && this.#lost(lost.reason)),
      );
      this.#refresh();
      return await this.#ended;
    } finally {
      this.#end.abort();
      off.forEach((remove) => remove());
      held.then((release) => release(), () => undefined);
    }
  }

  #handlers(live: Pick<Live, 'on'>): (() => void)[] {
    const own = (message: LiveEvents['event']): boolean => message.resource.type === 'job' && message.resource.id === this.#config.id;
    return [
      live.on('job_progress', (message) => own(message) && this.#progressed(message)),
      live.on('job_started', (message) => own(message) && this.#started(message)),
      live.on('job_retry', (message) => own(message) && this.#retried(message)),
      ...changes.map((name) => live.on(name, (message) => own(message) && this.#refresh())),
      live.on('disconnected', ({ reconnecting, reason }) => reconnecting || this.#lost(reason)),
    ];
  }

  #lost(reason: string): void {
    this.fail(new CallboardError(0, `the job is no longer heard: ${reason}`));
  }

  #progressed({ data }: LiveEvents['job_progress']): void {
    const job = this.#job;
    if (job?.status !== 'processing' || job.attempt !== data.attempt) {
      this.#refresh(); // it comes before the event of its attempt, or after
    } else if (data.progress >= this.#floor) {
      this.#floor = data.progress;
      const { progress, message = '', estimated_end: estimatedEnd = null } = data;
      this.#tell({ ...job, progress, message, estimatedEnd });
    }
  }

  #started({ data, timestamp }: LiveEvents['job_started']): void {
    const job = this.#job;
    // One from before the job was queued again says nothing of now.
    if (job?.status === 'pending' && data.attempt === job.attempt + 1 && Date.parse(timestamp) >= Date.parse(job.queuedAt)) {
      this.#floor = 0;
      this.#tell({ ...job, status: 'processing', attempt: data.attempt, error: null, startedAt: timestamp, nextRunAt: null });
    }
    this.#refresh();
  }

  #retried({ data, timestamp }: LiveEvents['job_retry']): void {
    const job = this.#job;
    if (job?.status === 'processing' && data.attempt === job.attempt && Date.parse(timestamp) >= Date.parse(job.queuedAt)) {
      const { error = null, next_run_at: nextRunAt = null } = data;
      this.#tell({ ...job, status: 'pending', error, nextRunAt, estimatedEnd: null });
    }
    this.#refresh();
  }

  #refresh(): void {
    this.#outdated = true;
    if (!this.#reading && !this.#end.signal.aborted) {
      this.#reading = true;
      void this.#read();
    }
  }

  /** Reads the job until what was read is not older than the last event. */
  async #read(): Promise<void> {
    const { signal } = this.#end;
    for (let failures = 0; this.#outdated && !signal.aborted; ) {
      this.#outdated = false;
      try {
        const job = await this.#config.read(signal);
        failures = 0;
        if (!this.#outdated || isFinished(job)) {
          this.#take(job);
        }
      } catch (error) {
        await this.#failed(error, failures++);
      }
    }
    this.#reading = false;
  }

  async #failed(error: unknown, failures: number): Promise<void> {
    if (!isPassing(error)) {
      this.fail(error);
      return;
    }
    this.#outdated = true;
    const asked = (error.retryAfter ?? 0) * 1000;
    await wait(Math.max(asked, Math.min(minBackoff * 2 ** failures, maxBackoff)), this.#end.signal);
  }

  #take(job: Job<K>): void {
    const known = this.#job;
    if (known && sameAttempt(known, job)) {
      if (job.progress < this.#floor) { // a report came while it was read
        job = { ...job, progress: known.progress, message: known.message, estimatedEnd: known.estimatedEnd };
      } else if (job.progress !== known.progress) {
        this.#floor = job.progress;
      }
    } else {
      this.#floor = 0; // what the job shows may be from the attempt before
    }
    this.#tell(job);
    if (isFinished(job)) {
      this.#end.abort();
      this.#resolve(job);
    }
  }

  #tell(job: Job<K>): void {
    const changed = !this.#job || !looksSame(this.#job, job);
    this.#job = job;
    if (!changed || this.#end.signal.aborted) {
      return;
    }
    try {
      this.#config.onProgress({ ...job });
    } catch (error) {
      this.fail(error); // whoever watches is broken, so there is nobody to tell more
    }
  }
}

/** What a job shows, whatever its kind. */
type State = Omit<Job, 'kind' | 'args' | 'result'>;

function sameAttempt(a: State, b: State): boolean {
  return a.status === 'processing' && b.status === 'processing' && a.attempt === b.attempt && a.queuedAt === b.queuedAt;
}

function looksSame(a: State, b: State): boolean {
  return a.status === b.status && a.progress === b.progress && a.message === b.message && a.attempt === b.attempt &&
    a.error === b.error && timeOf(a.estimatedEnd) === timeOf(b.estimatedEnd);
}

function timeOf(text: string | null): number {
  return text === null ? 0 : Date.parse(text);
}

/** Whether an error may go away by trying again. */
function isPassing(error: unknown): error is CallboardError {
  return error instanceof CallboardError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
