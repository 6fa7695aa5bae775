import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { Callboard, CallboardError, createClient, type ClientOptions } from '../src/index.js';
import { within } from './wait.js';

interface Sent {
  method: string;
  key: string | null;
  authorization: string | null;
  body: string;
}

/** A fetch that gives the answers in turn, the last one again and again; an Error is thrown. */
function answering(...answers: (Response | Error)[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fake: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({
      method: request.method,
      key: request.headers.get('Idempotency-Key'),
      authorization: request.headers.get('Authorization'),
      body: await request.text(),
    });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (!(answer instanceof Response)) {
      throw answer;
    }
    return answer.clone();
  };
  return { fetch: fake, sent };
}

const url = 'http://board.example';
const entry = { action: 'lit_set', resourceType: 'set', resourceId: 'kitchen' };
const created = (): Response => Response.json({ data: { id: 'event' } }, { status: 201 });
const busy = (): Response =>
  Response.json({ status: 503, detail: 'the database is away' }, { status: 503, headers: { 'Retry-After': '0' } });

describe('a POST', () => {
  it('that got no answer is sent once more, with the same key and body', async () => {
    const { fetch, sent } = answering(new TypeError('reset'), created());
    const client = createClient({ url, token: 'secret', fetch });
    assert.deepEqual(await client.ActivityService.logActivity(entry), { id: 'event' });
    assert.equal(sent.length, 2);
    assert.deepEqual(sent[0], sent[1]);
    assert.match(sent[0]?.key ?? '', /^[0-9a-f]{32}$/);
    assert.equal(sent[0]?.authorization, 'Bearer secret');
    assert.deepEqual(JSON.parse(sent[0]?.body ?? ''), { action: 'lit_set', resource_type: 'set', resource_id: 'kitchen' });
  });

  it('has a key of its own each time', async () => {
    const { fetch, sent } = answering(created(), created());
    const client = createClient({ url, fetch });
    await client.ActivityService.logActivity(entry);
    await client.ActivityService.logActivity(entry);
    assert.notEqual(sent[0]?.key, sent[1]?.key);
    assert.equal(sent[0]?.authorization, null);
  });

  it('that fails for too long rejects, with the time after which to try again', async () => {
    const { fetch, sent } = answering(busy());
    const client = createClient({ url, fetch, retry: 300 });
    await assert.rejects(client.ActivityService.logActivity(entry), (error) => {
      assert.ok(error instanceof CallboardError);
      assert.deepEqual([error.status, error.detail, error.retryAfter], [503, 'the database is away', 0]);
      return true;
    });
    assert.ok(sent.length > 1);
    assert.equal(new Set(sent.map(({ key }) => key)).size, 1);
  });

  it('is repeated when a proxy answers for a server that is away', async () => {
    const proxy = (status: number): Response => new Response('<h1>Away</h1>', { status });
    const { fetch, sent } = answering(proxy(502), proxy(503), proxy(504), created());
    assert.deepEqual(await createClient({ url, fetch }).ActivityService.logActivity(entry), { id: 'event' });
    assert.equal(new Set(sent.map(({ key }) => key)).size, 1);
  });

  it('waits no longer than it may before it tries again', async () => {
    const later = Response.json({ status: 503, detail: 'full' }, { status: 503, headers: { 'Retry-After': '60' } });
    const { fetch, sent } = answering(later);
    await assert.rejects(createClient({ url, fetch }).ActivityService.logActivity(entry), { status: 503, retryAfter: 60 });
    assert.equal(sent.length, 1);
  });

  it('is not repeated when told so', async () => {
    const { fetch, sent } = answering(new TypeError('reset'));
    await assert.rejects(createClient({ url, fetch, retry: false }).ActivityService.logActivity(entry), CallboardError);
    assert.equal(sent.length, 1);
  });

  it('that signs in is not repeated: nobody has signed in for its key', async () => {
    const { fetch, sent } = answering(busy());
    await assert.rejects(createClient({ url, fetch }).auth.login('ada@show.example', 'password'), CallboardError);
    assert.equal(sent.length, 1);
  });
});

describe('a token', () => {
  it('that cannot be had is the reason', async () => {
    const { fetch, sent } = answering(created());
    const cause = new Error('the login page is away');
    const client = createClient({ url, fetch, token: () => Promise.reject(cause) });
    await assert.rejects(client.ActivityService.logActivity(entry), { name: 'CallboardError', message: 'token: the login page is away', cause });
    assert.equal(sent.length, 0);
  });
});

describe('another write', () => {
  it('is never repeated', async () => {
    const { fetch, sent } = answering(new TypeError('reset'));
    await assert.rejects(createClient({ url, fetch }).PresenceService.removeViewer('user', 'set', 'kitchen'), CallboardError);
    assert.deepEqual(sent.map((s) => [s.method, s.key]), [['DELETE', null]]);
  });
});

describe('an answer that is no problem document', () => {
  it('still rejects with its status', async () => {
    const { fetch } = answering(new Response('<h1>It broke</h1>', { status: 500 }));
    await assert.rejects(createClient({ url, fetch }).ActivityService.findByUser('me'), (error) => {
      assert.ok(error instanceof CallboardError);
      assert.deepEqual([error.status, error.errors, error.retryAfter], [500, [], undefined]);
      return true;
    });
  });
});

setFlagsFromString('--expose-gc');
const tidyMemory = runInNewContext('gc') as () => void;

describe('a server that does not answer', () => {
  const silent = createServer(() => undefined);
  before(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)));
  after(() => {
    silent.close();
    silent.closeAllConnections();
  });
  const client = (options: Partial<ClientOptions>): Callboard =>
    new Callboard({ url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, ...options });

  it('is waited for no longer than the timeout, at each attempt', async () => {
    let attempts = 0;
    const answered: typeof fetch = (...args) => (++attempts === 3 ? Promise.resolve(created()) : fetch(...args));
    assert.deepEqual(await client({ timeout: 50, fetch: answered }).ActivityService.logActivity(entry), { id: 'event' });
    assert.equal(attempts, 3);
    await assert.rejects(client({ timeout: 50, retry: false }).ActivityService.logActivity(entry),
      { name: 'CallboardError', status: 0, message: /: none within 0.05 s$/ });
  });

  it('is given up by a fetch that looks at the request alone, too', async () => {
    let asked: Request | undefined;
    const own = (request: Request): Promise<Response> => fetch((asked = request));
    await assert.rejects(client({ timeout: 50, retry: false, fetch: own as typeof fetch }).ActivityService.logActivity(entry));
    assert.ok(asked?.signal.aborted);
  });

  const idle = { timeout: 0, retry: false };
  const calls: [string, (c: Callboard, signal: AbortSignal) => Promise<unknown>][] = [
    ['logActivity', (c, signal) => c.ActivityService.logActivity(entry, { signal })],
    ['bulkLogActivity', (c, signal) => c.ActivityService.bulkLogActivity([entry], { signal })],
    ['findByResource', (c, signal) => c.ActivityService.findByResource('set', 1, { signal })],
    ['findByUser', (c, signal) => c.ActivityService.findByUser('me', { signal })],
    ['create', (c, signal) => c.NotificationService.create({ userId: 'all', type: 'call', message: 'Now' }, { signal })],
    ['markAsRead', (c, signal) => c.NotificationService.markAsRead('1', { signal })],
    ['markAsUnread', (c, signal) => c.NotificationService.markAsUnread('1', { signal })],
    ['why', (c, signal) => c.NotificationService.why('1', { signal })],
    ['whyEvent', (c, signal) => c.NotificationService.whyEvent('1', { userId: '2', signal })],
    ['trackViewer', (c, signal) => c.PresenceService.trackViewer({ resourceType: 'set', resourceId: 1 }, { signal })],
    ['getViewers', (c, signal) => c.PresenceService.getViewers('set', 1, { signal })],
    ['removeViewer', (c, signal) => c.PresenceService.removeViewer('me', 'set', 1, { signal })],
    ['initialize', (c, signal) => c.SocketService.initialize({ signal }).finally(() => c.connect().close())],
    ['broadcastMessage', (c, signal) => c.SocketService.broadcastMessage({ event: 'now' }, { signal })],
    ['sendToUser', (c, signal) => c.SocketService.sendToUser('me', { event: 'now' }, { signal })],
    ['sendToRoom', (c, signal) => c.SocketService.sendToRoom('green', { event: 'now' }, { signal })],
    ['auth.login', (c, signal) => c.auth.login('ada@show.example', 'password', { signal })],
    ['auth.logout', (c, signal) => c.auth.logout({ signal })],
    ['auth.me', (c, signal) => c.auth.me({ signal })],
    ['jobs.queue', (c, signal) => c.jobs.queue('own', {}, { signal })],
    ['jobs.list', (c, signal) => c.jobs.list({ signal })],
    ['jobs.get', (c, signal) => c.jobs.get('1', { signal })],
    ['jobs.cancel', (c, signal) => c.jobs.cancel('1', { signal })],
    ['jobs.retry', (c, signal) => c.jobs.retry('1', { signal })],
    ['jobs.logs', (c, signal) => c.jobs.logs('1', { signal })],
    ['jobs.report', (c, signal) => c.jobs.report('1', { signal })],
    ['jobs.kinds', (c, signal) => c.jobs.kinds({ signal })],
    ['jobs.stats', (c, signal) => c.jobs.stats({ signal })],
    ['files.upload', (c, signal) => c.files.upload(null, { name: 'a.txt', content: new Blob(['a']) }, { signal })],
    ['files.list', (c, signal) => c.files.list('1', { signal })],
    ['files.own', (c, signal) => c.files.own({ signal })],
    ['files.get', (c, signal) => c.files.get('1', { signal })],
    ['files.rename', (c, signal) => c.files.rename('1', 'b.txt', { signal })],
    ['files.delete', (c, signal) => c.files.delete('1', { signal })],
    ['files.download', (c, signal) => c.files.download('1', { signal })],
  ];
  for (const [name, call] of calls) {
    it(`leaves ${name} to its signal`, async () => {
      const end = new AbortController();
      const reason = new Error('enough');
      const pending = call(client(idle), end.signal);
      setImmediate(() => {
        tidyMemory(); // what holds the signals together must outlive that
        end.abort(reason);
      });
      await within(assert.rejects(pending, (error) => {
        assert.ok(error instanceof CallboardError, String(error));
        assert.deepEqual([error.status, error.cause], [0, reason]);
        return true;
      }), 'the call ends');
    });
  }
});

describe('content that takes its time', () => {
  it('is not cut off by the timeout once it begins to come', async (t) => {
    const slow = createServer((_, answer) => {
      // As the server sends what is for saving, whatever it is.
      answer.writeHead(200, { 'Content-Type': 'application/json', 'Content-Disposition': 'attachment' }).write('a');
      setTimeout(() => answer.end('b'), 300);
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    t.after(() => slow.close());
    const { files } = new Callboard({ url: `http://127.0.0.1:${(slow.address() as AddressInfo).port}`, timeout: 100 });
    assert.equal(await (await files.download('1')).text(), 'ab');
  });
});
