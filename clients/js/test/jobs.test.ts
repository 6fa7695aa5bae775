import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import {
  CallboardError, channels, createClient, type CallboardClient, type FinishedJob, type Job, type JobKind, type StoredFile,
} from '../src/index.js';
import { Cable } from './cable.js';
import { picture, sheet } from './samples.js';
import { Server, type TestUser } from './server.js';
import { eventually, hear, Heard, hearDurable, within } from './wait.js';

/** Rows of an import that goes on for a while. */
const many = 5000;
const nobodys = '01a20ccf-c53a-7b7b-b74f-7d91ab6172be';

function refused(status: number): (error: unknown) => boolean {
  return (error) => error instanceof CallboardError && error.status === status && error.detail !== '';
}

/** A watch and what it has told. */
function follow<K extends JobKind>(client: CallboardClient, id: string, signal?: AbortSignal) {
  let tell: (job: Job<K>) => void = () => undefined;
  const told = new Heard<Job<K>>((handler) => (tell = (job) => handler(job, 'live')));
  const pending = client.jobs.watch<K>(id, tell, { signal });
  pending.catch(() => undefined); // it is waited for later
  return { told, finished: (): Promise<FinishedJob<K>> => within(pending, 'the job finishes', 60_000) };
}

/** What was told must be a life of a job: no step twice, and progress never backwards within an attempt. */
function assertStory(told: Job[]): void {
  for (const [i, job] of told.entries()) {
    const earlier = told[i - 1];
    const shown = ({ status, progress, message, estimatedEnd, attempt, error }: Job): string =>
      JSON.stringify([status, progress, message, estimatedEnd, attempt, error]);
    assert.ok(!earlier || shown(earlier) !== shown(job), `told twice: ${shown(job)}`);
    const same = earlier?.status === 'processing' && job.status === 'processing' && earlier.attempt === job.attempt;
    assert.ok(!same || earlier.progress <= job.progress, `backwards: ${earlier?.progress} to ${job.progress}`);
  }
}

function statuses(told: Job[]): string[] {
  return told.map((job) => job.status).filter((status, i, all) => status !== all[i - 1]);
}

describe('jobs', () => {
  let server: Server;
  let admin: TestUser, editor: TestUser, viewer: TestUser;
  let asAdmin: CallboardClient, asEditor: CallboardClient, asViewer: CallboardClient;
  let episode = '';
  const clients: CallboardClient[] = [];

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    editor = await server.addUser('Ed', 'editor');
    viewer = await server.addUser('Vic', 'viewer');
    await server.settle(admin);
  });
  after(() => server.stop());

  // Each test connects anew, and what it connected is closed after it.
  const client = (user: TestUser, socketUrl?: string): CallboardClient => {
    const created = createClient({ url: server.url, token: user.token, socketUrl });
    clients.push(created);
    return created;
  };
  before(async () => {
    const { data } = await client(editor).api.POST('/api/v1/episodes', { body: { title: 'Pilot' } });
    episode = data?.data.id ?? '';
  });
  const renew = (): void => {
    clients.splice(0).forEach((created) => created.connect().close());
    [asAdmin, asEditor, asViewer] = [client(admin), client(editor), client(viewer)];
  };
  before(renew);
  afterEach(renew);
  after(() => clients.splice(0).forEach((created) => created.connect().close()));

  const upload = (content: Blob, name = 'takes.csv'): Promise<StoredFile> => asEditor.files.upload(null, { name, content });
  const count = async (q: string): Promise<number> => {
    const job = await asEditor.jobs.queue('batch-delete', { filter: { q }, dry_run: true });
    const done = await follow<'batch-delete'>(asEditor, job.id).finished();
    assert.equal(done.status, 'completed');
    return done.result?.matched ?? NaN;
  };

  it('have kinds, whose arguments are those of the types', async () => {
    const kinds = await asViewer.jobs.kinds();
    // The names that src/kinds.ts has; those that must be there come with a "!".
    const typed = {
      'batch-delete': ['dry_run', 'filter', 'ids'],
      'bulk-export': ['activity', 'bom', 'episodes', 'format', 'ids', 'what!'],
      'data-import': ['date_order', 'dry_run', 'encoding', 'file_id!', 'hidden_rows', 'mapping', 'mode', 'sheet', 'show_id', 'show_title'],
      'thumbnail-generation': ['file_id!'],
    };
    const served = kinds.map(({ kind, argsSchema }) => {
      const { properties, required = [] } = argsSchema as { properties: Record<string, unknown>; required?: string[] };
      const names = Object.keys(properties).filter((name) => name !== '$schema');
      return [kind, names.map((name) => (required.includes(name) ? `${name}!` : name)).toSorted()];
    });
    assert.deepEqual(Object.fromEntries(served), typed);
    assert.ok(kinds.every((kind) => kind.title && kind.maxAttempts > 0 && kind.timeoutSeconds > 0));
  });

  it('make thumbnails, watched to their end', async () => {
    const file = await asEditor.files.upload(episode, { name: 'still.png', content: picture(1600, 1000) });
    assert.equal(file.contentType, 'image/png');
    const job = await asEditor.jobs.queue('thumbnail-generation', { file_id: file.id }, { priority: 1, maxAttempts: 2 });
    assert.deepEqual([job.kind, job.episodeId, job.priority, job.maxAttempts, job.ownerId], ['thumbnail-generation', episode, 1, 2, editor.id]);
    const watch = follow<'thumbnail-generation'>(asEditor, job.id);
    const done = await watch.finished();
    assert.equal(done.status, 'completed');
    assert.equal(done.progress, 100);
    assert.deepEqual(done.result?.variants.map(({ variant, width, height }) => [variant, width, height]),
      [['large', 1280, 800], ['medium', 640, 400], ['small', 320, 200]]);
    assertStory(watch.told.all);
    assert.equal(watch.told.all.at(-1)?.status, 'completed');
    assert.ok(watch.told.all.some((told) => told.status === 'processing' && told.progress > 0), 'no progress was told');
    const known = await asViewer.files.get(file.id);
    assert.ok(known.thumbnails?.small);
    const small = await asViewer.files.download(file.id, { variant: 'small' });
    assert.equal((await small.blob()).size, done.result.variants.find(({ variant }) => variant === 'small')?.size);
  });

  it('import a sheet, with a report of the rows that are bad', async () => {
    const file = await upload(new Blob(['title,season_number\nGood,1\n,2\nAlso good,3\nBad,minus one\n']));
    const job = await asEditor.jobs.queue('data-import', { file_id: file.id, show_title: 'The Show' });
    const done = await follow<'data-import'>(asEditor, job.id).finished();
    assert.equal(done.status, 'completed');
    assert.deepEqual([done.result?.rows, done.result?.created, done.result?.refused, done.problems], [4, 2, 2, 2]);
    const lines = (await (await asEditor.jobs.report(job.id)).text()).trim().split('\n');
    assert.deepEqual([lines[0]?.trim(), lines.length], ['item,reason,outcome', 3]);
    assert.match(lines[1] ?? '', /^line 3,/);
    const logs = await asEditor.jobs.logs(job.id, { limit: 1 });
    assert.equal(logs[0]?.attempt, 1);
    await assert.rejects(asViewer.jobs.report(job.id), refused(404));
  });

  it('export what was imported', async () => {
    const { id } = await upload(sheet(20, 'Exported'));
    await follow(asEditor, (await asEditor.jobs.queue('data-import', { file_id: id })).id).finished();
    const job = await asEditor.jobs.queue('bulk-export', { what: 'episodes', format: 'ndjson', episodes: { q: 'Exported' } });
    const done = await follow<'bulk-export'>(asEditor, job.id).finished();
    assert.ok(done.status === 'completed' && done.result.rows === 20);
    const text = await (await asEditor.files.download(done.result.file_id)).text();
    assert.equal(Buffer.byteLength(text), done.result.size);
    const titles = text.trim().split('\n').map((line) => (JSON.parse(line) as { title: string }).title);
    assert.deepEqual(titles.toSorted(), Array.from({ length: 20 }, (_, i) => `Exported ${i + 1}`).toSorted());
    await assert.rejects(asViewer.files.download(done.result.file_id), refused(404));
  });

  it('count what they would delete, and delete it', async () => {
    const { id } = await upload(sheet(7, 'Doomed'));
    await follow(asEditor, (await asEditor.jobs.queue('data-import', { file_id: id })).id).finished();
    assert.equal(await count('Doomed'), 7);
    assert.equal(await count('Doomed'), 7);
    const job = await asEditor.jobs.queue('batch-delete', { filter: { q: 'Doomed' } });
    const done = await follow<'batch-delete'>(asEditor, job.id).finished();
    assert.ok(done.status === 'completed');
    assert.deepEqual(done.result, { matched: 7, deleted: 7, missing: 0, dry_run: false });
    assert.equal(await count('Doomed'), 0);
  });

  it('are called off while they run, and go on where they were', async () => {
    const { id } = await upload(sheet(many, 'Long'));
    const job = await asEditor.jobs.queue('data-import', { file_id: id });
    const first = follow<'data-import'>(asEditor, job.id);
    await first.told.find('the import has begun', (told) => told.status === 'processing' && told.progress > 0);
    assert.equal((await asEditor.jobs.cancel(job.id)).status, 'cancelled');
    const cancelled = await first.finished();
    assert.equal(cancelled.status, 'cancelled');
    assert.equal(cancelled.result, null);
    assert.deepEqual(statuses(first.told.all).slice(-2), ['processing', 'cancelled']);
    assertStory(first.told.all);
    await assert.rejects(asEditor.jobs.cancel(job.id), refused(409));
    assert.equal((await asEditor.jobs.retry(job.id)).attempt, 0);
    const second = follow<'data-import'>(asEditor, job.id);
    const done = await second.finished();
    assert.ok(done.status === 'completed' && done.result.created === many);
    assertStory(second.told.all);
    assert.equal(await count('Long'), many);
  });

  it('that failed can be retried and watched again', async () => {
    const { id } = await upload(new Blob(['name_of_nothing\nA\n']));
    const live = await asEditor.SocketService.initialize();
    const heard = hearDurable(live);
    const job = await asEditor.jobs.queue('data-import', { file_id: id });
    const first = await follow(asEditor, job.id).finished();
    assert.equal(first.status, 'failed');
    assert.match(first.error ?? '', /title/);
    await asEditor.jobs.retry(job.id);
    const again = follow(asEditor, job.id);
    const second = await again.finished();
    assert.equal(second.status, 'failed');
    assert.ok(second.queuedAt > first.queuedAt);
    assertStory(again.told.all);
    await heard.until('the events', () => heard.all.filter((m) => m.event === 'job_failed').length === 2);
    const names = heard.all.filter((m) => m.resource.id === job.id).map((m) => m.event);
    assert.deepEqual(names, ['job_queued', 'job_started', 'job_failed', 'job_queued', 'job_started', 'job_failed']);
  });

  it('that are done are told at once, without a connection', async () => {
    const job = await asEditor.jobs.queue('batch-delete', { ids: [nobodys], dry_run: true });
    await follow(asEditor, job.id).finished();
    const offline = createClient({ url: server.url, token: editor.token, socketUrl: 'http://127.0.0.1:1' });
    const watch = follow(offline, job.id);
    assert.equal((await watch.finished()).status, 'completed');
    assert.deepEqual(statuses(watch.told.all), ['completed']);
  });

  it('of somebody else cannot be watched, but by an admin', async () => {
    const { id } = await upload(sheet(1, 'Secret'));
    const job = await asEditor.jobs.queue('data-import', { file_id: id });
    await assert.rejects(asViewer.jobs.watch(job.id), refused(404));
    await assert.rejects((await asViewer.SocketService.initialize()).subscribe(channels.resource('job', job.id)), refused(404));
    assert.equal((await follow(asAdmin, job.id).finished()).status, 'completed');
    await assert.rejects(asEditor.jobs.watch(nobodys), refused(404));
    await assert.rejects(asViewer.jobs.queue('batch-delete', { ids: [nobodys] }), refused(403));
    await assert.rejects(asEditor.jobs.queue('knit-sweater', { size: 4 }), refused(422));
  });

  it('are listed, and counted', async () => {
    const options = { idempotencyKey: 'count me once', episodeId: episode };
    const first = await asEditor.jobs.queue('batch-delete', { ids: [nobodys], dry_run: true }, options);
    const second = await asEditor.jobs.queue('batch-delete', { ids: [nobodys], dry_run: true }, options);
    assert.equal(second.id, first.id);
    await follow(asEditor, first.id).finished();
    const found = await asEditor.jobs.list({ kind: 'batch-delete', status: 'completed', episodeId: episode, ownerId: editor.id });
    assert.deepEqual(found.map((job) => job.id), [first.id]);
    const page = await asEditor.jobs.list({ limit: 1 });
    assert.equal(page.length, 1);
    assert.equal((await asEditor.jobs.list({ limit: 1, cursor: page.nextCursor })).length, 1);
    assert.deepEqual((await asViewer.jobs.list()), []);
    const stats = (await asEditor.jobs.stats({ windowHours: 1 })).find(({ kind }) => kind === 'batch-delete');
    assert.ok(stats && stats.counts.completed > 0 && stats.p50Seconds !== null);
  });

  describe('watched', () => {
    it('through a reconnect, with what happened meanwhile', async (t) => {
      const cable = await Cable.to(server.url);
      t.after(() => cable.close());
      const wired = client(editor, cable.url);
      const ends = hear(await wired.SocketService.initialize(), 'disconnected');
      const { id } = await upload(sheet(many, 'Cut'));
      const job = await asEditor.jobs.queue('data-import', { file_id: id });
      const watch = follow<'data-import'>(wired, job.id);
      await watch.told.find('the import has begun', (told) => told.status === 'processing' && told.progress > 0);
      cable.cut();
      assert.equal((await ends.find('the connection drops')).reconnecting, true);
      const heard = watch.told.all.length;
      await eventually('the job is done', async () => (await asEditor.jobs.get(job.id)).status === 'completed' || undefined);
      assert.equal(watch.told.all.length, heard);
      cable.mend();
      assert.equal((await watch.finished()).status, 'completed');
      assertStory(watch.told.all);
    });

    it('through a reconnect while it runs, with its further progress', async (t) => {
      const cable = await Cable.to(server.url);
      t.after(() => cable.close());
      const wired = client(editor, cable.url);
      const live = await wired.SocketService.initialize();
      const ends = hear(live, 'disconnected');
      const { id } = await upload(sheet(4 * many, 'Wobbly'));
      const job = await asEditor.jobs.queue('data-import', { file_id: id });
      const watch = follow<'data-import'>(wired, job.id);
      await watch.told.find('the import has begun', (told) => told.status === 'processing' && told.progress > 0);
      cable.cut();
      await ends.find('the connection drops');
      cable.mend();
      const resumed = watch.told.all.length;
      assert.equal((await watch.finished()).status, 'completed');
      assert.ok(watch.told.all.length > resumed + 1, 'no progress was told after the reconnect');
      assertStory(watch.told.all);
    });

    it('until the signal ends, which leaves the job alone', async () => {
      const { id } = await upload(sheet(many, 'Ignored'));
      const job = await asEditor.jobs.queue('data-import', { file_id: id });
      const control = new AbortController();
      const watch = follow(asEditor, job.id, control.signal);
      await watch.told.find('it is told');
      control.abort(new Error('enough'));
      await assert.rejects(watch.finished(), /enough/);
      const told = watch.told.all.length;
      assert.equal((await follow(asEditor, job.id).finished()).status, 'completed');
      assert.equal(watch.told.all.length, told);
      await assert.rejects(asEditor.jobs.watch(job.id, undefined, { signal: control.signal }), /enough/);
    });

    it('by several at once, each until its own end', async () => {
      const { id } = await upload(sheet(many, 'Shared'));
      const job = await asEditor.jobs.queue('data-import', { file_id: id });
      const live = await asEditor.SocketService.initialize();
      await live.subscribe(channels.resource('job', job.id));
      const progress = hear(live, 'job_progress');
      const control = new AbortController();
      const [one, two] = [follow(asEditor, job.id, control.signal), follow(asEditor, job.id)];
      await one.told.find('the import has begun', (told) => told.progress > 0);
      control.abort();
      await assert.rejects(one.finished(), { name: 'AbortError' });
      const before = two.told.all.length;
      assert.equal((await two.finished()).status, 'completed');
      assert.ok(two.told.all.length > before + 1, 'the second watch heard no more');
      assertStory(two.told.all);
      assert.ok(progress.all.length > 0);
      assert.equal(live.subscribed(channels.resource('job', job.id)), true, 'the own subscription went with the watches');
      live.unsubscribe(channels.resource('job', job.id));
      assert.equal(live.subscribed(channels.resource('job', job.id)), false);
    });

    it('until the connection is closed for good', async () => {
      const { id } = await upload(sheet(many, 'Closed'));
      const job = await asEditor.jobs.queue('data-import', { file_id: id });
      const watch = follow(asEditor, job.id);
      await watch.told.find('the import has begun', (told) => told.progress > 0);
      asEditor.connect().close();
      await assert.rejects(watch.finished(), refused(0));
      assert.equal((await follow(asEditor, job.id).finished()).status, 'completed');
    });

    it('until its listener throws', async () => {
      const job = await asEditor.jobs.queue('batch-delete', { ids: [nobodys], dry_run: true });
      const watch = asEditor.jobs.watch(job.id, () => {
        throw new Error('the listener is broken');
      });
      await assert.rejects(watch, /the listener is broken/);
    });
  });
});

describe('a job', () => {
  it('is watched through a crash of the server', async (t) => {
    const server = await Server.start();
    t.after(() => server.stop());
    const editor = await server.addUser('Ed', 'editor');
    const client = createClient({ url: server.url, token: editor.token });
    t.after(() => client.connect().close());
    const { id } = await client.files.upload(null, { name: 'takes.csv', content: sheet(many) });
    const job = await client.jobs.queue('data-import', { file_id: id });
    const watch = follow<'data-import'>(client, job.id);
    await watch.told.find('the import has begun', (told) => told.status === 'processing' && told.progress > 0);
    await server.kill();
    await server.serve();
    const done = await watch.finished();
    assert.ok(done.status === 'completed' && done.result.created === many, JSON.stringify(done));
    assertStory(watch.told.all);
  });
});
