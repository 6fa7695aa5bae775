import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Emitter } from '../src/emitter.js';
import { CallboardError, channels, type FinishedJob, type Job, type LiveEvents } from '../src/index.js';
import { watchJob } from '../src/watch.js';
import { eventually, within } from './wait.js';

const id = '01a20ccf-c53a-7b7b-b74f-7d91ab6172be';
const channel = channels.resource('job', id);
const waits: Job = {
  id, kind: 'bulk-export', status: 'pending', priority: 2, args: {}, episodeId: null, ownerId: 'ed', ownerName: 'Ed', attempt: 0,
  maxAttempts: 5, progress: 0, message: '', estimatedEnd: null, result: null, error: null, problems: 0,
  createdAt: '2026-01-01T10:00:00Z', queuedAt: '2026-01-01T10:00:00Z', startedAt: null, nextRunAt: null, finishedAt: null,
};
const runs: Job = { ...waits, status: 'processing', attempt: 1 };
const done: Job = { ...runs, status: 'completed', progress: 100 };

/** A server that answers what a test says, and a connection that tells what a test says. */
class Stage {
  readonly events = new Emitter();
  readonly told: string[] = [];
  readonly finished: Promise<FinishedJob>;
  reads = 0;
  released = 0;
  job: Job | Error;
  gate: Promise<void> = Promise.resolve();
  #messages = 0;

  constructor(job: Job, signal?: AbortSignal) {
    this.job = job;
    const live = { ready: Promise.resolve(), on: this.events.on.bind(this.events), hold: async () => () => void this.released++ };
    this.finished = watchJob({ id, read: () => this.#read(), connect: () => live, onProgress: (told) => this.#tell(told), signal });
    this.finished.catch(() => undefined);
  }

  async #read(): Promise<Job> {
    const job = this.job; // as it was when the request came
    await this.gate;
    this.reads++;
    if (job instanceof Error) {
      throw job;
    }
    return job;
  }

  #tell({ status, attempt, progress }: Job): void {
    this.told.push(`${status} ${attempt} ${progress}`);
  }

  /** Resolves once the job was read that often. */
  async read(times: number): Promise<void> {
    await eventually(`${times} reads`, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return this.reads >= times || undefined;
    });
  }

  progress(attempt: number, progress: number): void {
    this.#send('job_progress', { kind: 'bulk-export', attempt, progress });
  }

  started(attempt: number, timestamp = '2026-01-01T10:00:01Z'): void {
    this.#send('job_started', { kind: 'bulk-export', status: 'processing', owner_id: 'ed', attempt, max_attempts: 5 }, timestamp);
  }

  retries(attempt: number): void {
    this.#send('job_retry', { kind: 'bulk-export', status: 'pending', owner_id: 'ed', attempt, max_attempts: 5, error: 'it broke' });
  }

  failed(): void {
    this.#send('job_failed', { kind: 'bulk-export', status: 'failed', owner_id: 'ed', attempt: 1, max_attempts: 5 });
  }

  #send<K extends keyof LiveEvents & string>(
    event: K, data: LiveEvents[K] extends { data: infer D } ? D : never, timestamp = '2026-01-01T10:00:01Z',
  ): void {
    const message = { id: `${++this.#messages}`, event, timestamp, actor: { id: '', name: '' }, resource: { type: 'job', id }, data };
    this.events.tell(event, message, 'live');
  }

  async end(): Promise<string[]> {
    this.job = done;
    this.events.emit('subscribed', { channel, recovered: true });
    assert.equal((await within(this.finished, 'the end')).status, 'completed');
    assert.equal(this.released, 1);
    return this.told;
  }
}

describe('a watch', () => {
  it('tells the start of an attempt from its event, though a read comes too late', async () => {
    const stage = new Stage(waits);
    await stage.read(2);
    stage.job = done;
    stage.started(1);
    assert.equal((await stage.finished).status, 'completed');
    assert.deepEqual(stage.told, ['pending 0 0', 'processing 1 0', 'completed 1 100']);
  });

  it('tells no report that is older than what was told', async () => {
    const stage = new Stage(runs);
    await stage.read(2);
    for (const percent of [10, 30, 20, 30, 40]) {
      stage.progress(1, percent);
    }
    assert.deepEqual(await stage.end(), ['processing 1 0', 'processing 1 10', 'processing 1 30', 'processing 1 40', 'completed 1 100']);
  });

  it('tells no read that is older than the reports', async () => {
    const stage = new Stage(runs);
    await stage.read(2);
    stage.progress(1, 50);
    stage.job = { ...runs, progress: 20 };
    stage.events.emit('subscribed', { channel, recovered: false });
    await stage.read(3);
    assert.deepEqual(await stage.end(), ['processing 1 0', 'processing 1 50', 'completed 1 100']);
  });

  it('reads again what was read while an event came', async () => {
    const stage = new Stage(waits);
    await stage.read(2);
    let open: () => void = () => undefined;
    stage.gate = new Promise((resolve) => (open = resolve));
    stage.events.emit('subscribed', { channel, recovered: true }); // reads that it is pending
    stage.job = runs;
    stage.started(1);
    open();
    await stage.read(4);
    assert.deepEqual(await stage.end(), ['pending 0 0', 'processing 1 0', 'completed 1 100']);
  });

  it('lets each attempt begin anew', async () => {
    const stage = new Stage(runs);
    await stage.read(2);
    stage.progress(1, 60);
    stage.job = { ...runs, status: 'pending', progress: 60, error: 'it broke' };
    stage.retries(1);
    await stage.read(3);
    stage.progress(1, 70); // too late
    await stage.read(4);
    stage.job = { ...runs, attempt: 2, progress: 60 };
    stage.started(2);
    await stage.read(5);
    stage.progress(2, 5);
    assert.deepEqual(await stage.end(), [
      'processing 1 0', 'processing 1 60', 'pending 1 60', 'processing 2 60', 'processing 2 5', 'completed 1 100',
    ]);
  });

  it('takes nothing from before the job was queued again', async () => {
    const stage = new Stage({ ...waits, queuedAt: '2026-01-01T11:00:00Z' });
    await stage.read(2);
    stage.started(1);
    stage.progress(1, 80);
    stage.failed();
    await stage.read(3);
    assert.deepEqual(await stage.end(), ['pending 0 0', 'completed 1 100']);
  });

  it('goes on when a read fails for a while, and ends when it is refused', async () => {
    const stage = new Stage(runs);
    await stage.read(2);
    stage.job = new CallboardError(503, 'away');
    stage.failed();
    await stage.read(3);
    stage.job = new CallboardError(404, 'not found');
    await assert.rejects(within(stage.finished, 'the end'), /not found/);
    assert.equal(stage.released, 1);
  });

  it('ends with its signal, also before it begins', async () => {
    const control = new AbortController();
    const stage = new Stage(runs, control.signal);
    await stage.read(2);
    control.abort(new Error('enough'));
    stage.progress(1, 50);
    await assert.rejects(stage.finished, /enough/);
    assert.deepEqual(stage.told, ['processing 1 0']);
    await eventually('the channel is left', async () => stage.released === 1 || undefined);
    const late = new Stage(runs, control.signal);
    await assert.rejects(late.finished, /enough/);
    assert.equal(late.reads, 0);
  });
});
