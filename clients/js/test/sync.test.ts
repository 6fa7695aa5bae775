import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createApi } from '../src/api.js';
import { Emitter, type Handler } from '../src/emitter.js';
import type { Message } from '../src/index.js';
import { Missed } from '../src/missed.js';
import { Sync } from '../src/sync.js';
import { Timeline } from '../src/timeline.js';
import { Heard, within } from './wait.js';

const room = (pos: number): Message => event(pos, 'room', 'green');
const toAll = (pos: number): Message => event(pos, '', '');

function event(pos: number, type: string, id: string): Message {
  return {
    id: `e${pos}`, pos, event: 'counted', timestamp: '2026-01-01T00:00:00Z', actor: { id: '', name: '' },
    resource: { type, id }, data: {},
  };
}

/** The record of events of a server, as far as a client reads it. */
class FakeServer {
  record: Message[] = [];
  pageSize = 2;
  oldest = 1;
  readonly requests: string[] = [];
  /** What the next requests are answered with, instead. */
  failures: (() => Response | Promise<Response>)[] = [];
  inbox: () => Response = () => Response.json({ data: [], pagination: { limit: 200, next_cursor: '' } });

  readonly fetch: typeof fetch = async (input) => {
    const url = new URL((input as Request).url);
    this.requests.push(url.pathname.replace('/api/v1/', '') + url.search);
    switch (url.pathname) {
      case '/api/v1/events':
        return this.failures.shift()?.() ?? this.#events(url.searchParams);
      case '/api/v1/events/catalog':
        return Response.json({ data: [] });
      default:
        return this.inbox();
    }
  };

  #events(query: URLSearchParams): Response {
    const last = this.record.at(-1)?.pos ?? 0;
    const after = query.has('latest') ? last : Number(query.get('after'));
    if (after < this.oldest - 1 || after > last) {
      return Response.json({ status: 410, detail: 'gone' }, { status: 410 });
    }
    const data = this.record.filter((m) => (m.pos ?? 0) > after).slice(0, this.pageSize);
    return Response.json({ data, pos: data.at(-1)?.pos ?? last, last_pos: last });
  }
}

/** A moment is over whenever one looks, unless now says otherwise. */
function setUp(after?: number, now = later()) {
  const server = new FakeServer();
  const events = new Emitter();
  let tell: Handler<string> = () => undefined;
  const told = new Heard<string>((handler) => (tell = handler));
  const timeline = new Timeline((message, source) => tell(`${message.id} ${source}`, source), { now });
  for (const name of ['gap', 'caught-up', 'reset', 'error'] as const) {
    events.on(name, (value) => tell(value instanceof Error ? name : `${name} ${JSON.stringify(value)}`, 'live'));
  }
  let ready = (): void => undefined;
  const begun = new Promise<void>((resolve) => (ready = resolve));
  const missed = new Missed(createApi({ url: 'http://board.example', fetch: server.fetch, retry: false }));
  const sync = new Sync({ missed, timeline, events, after, settled: async () => undefined, ready });
  return { server, sync, timeline, told, begun: within(begun, 'the beginning') };
}

function later(): () => number {
  let now = 0;
  return () => (now += 10_000);
}

const failed = (status: number) => () => Response.json({ status, detail: 'no' }, { status });

describe('a sync', () => {
  it('begins at the newest position, and tells what came meanwhile', async () => {
    const { server, sync, timeline, told, begun } = setUp();
    server.record = [toAll(1), toAll(2)];
    sync.heard('broadcast', false);
    sync.connected();
    timeline.accept(toAll(3));
    assert.deepEqual(told.all, []);
    await begun;
    await told.find('the message', (t) => t === 'e3 live');
    assert.deepEqual(told.all, ['e3 live']);
    assert.deepEqual(server.requests, ['events?latest=true']);
  });

  it('gives a channel that alone was away its own messages alone', async () => {
    const { server, sync, timeline, told, begun } = setUp(0);
    sync.connected();
    await begun;
    sync.heard('broadcast', false);
    sync.heard('room:green', false);
    timeline.accept(toAll(1));
    await told.find('the first', (t) => t === 'e1 live');
    server.record = [toAll(1), room(2), toAll(3), room(4), event(5, 'room', 'red')];
    sync.lost('room:green');
    timeline.accept(toAll(3));
    sync.heard('room:green', false);
    await told.find('the end', (t) => t.startsWith('caught-up'));
    await told.find('what was held', (t) => t === 'e3 live');
    assert.deepEqual(told.all, ['e1 live', 'gap {"after":1}', 'e2 catch-up', 'e4 catch-up', 'caught-up {"pos":5}', 'e3 live']);
  });

  it('finds what was overtaken by an event on another channel when the connection was lost', async () => {
    let now = 0;
    const { server, sync, timeline, told, begun } = setUp(0, () => now);
    sync.connected();
    await begun;
    sync.heard('broadcast', false);
    sync.heard('room:green', false);
    timeline.accept(toAll(1));
    await told.find('the first', (t) => t === 'e1 live');
    now = 5000;
    timeline.accept(toAll(3)); // room(2) is still on its way
    server.record = [toAll(1), room(2), toAll(3), toAll(4)];
    sync.disconnected();
    sync.heard('broadcast', true);
    sync.heard('room:green', false);
    sync.connected();
    timeline.accept(toAll(4));
    await told.find('the end', (t) => t === 'e4 live');
    assert.deepEqual(told.all, ['e1 live', 'e3 live', 'gap {"after":1}', 'e2 catch-up', 'caught-up {"pos":4}', 'e4 live']);
  });

  it('goes on with a catch-up that a lost connection broke off, even when the history reaches back then', async () => {
    const { server, sync, told, begun } = setUp(0);
    sync.connected();
    await begun;
    sync.heard('broadcast', false);
    server.record = [toAll(1), toAll(2), toAll(3), toAll(4)];
    sync.disconnected();
    let hang = (): void => undefined;
    const asked = new Promise<void>((resolve) => (hang = resolve));
    const passOn = () => undefined as unknown as Response; // answered as usual
    server.failures = [passOn, () => (hang(), new Promise<Response>(() => undefined))];
    sync.heard('broadcast', false);
    sync.connected();
    await within(asked, 'the second page is asked for');
    sync.disconnected();
    sync.heard('broadcast', true);
    sync.connected();
    await told.find('the end', (t) => t === 'caught-up {"pos":4}');
    assert.deepEqual(told.all, [
      'gap {"after":0}', 'e1 catch-up', 'e2 catch-up', 'gap {"after":2}', 'e3 catch-up', 'e4 catch-up', 'caught-up {"pos":4}',
    ]);
  });

  it('tries again until the server answers', async () => {
    const { server, sync, told } = setUp(0);
    server.record = [toAll(1)];
    server.failures = [failed(500), () => Promise.reject(new TypeError('reset'))];
    sync.heard('broadcast', false);
    sync.connected();
    await told.find('the end', (t) => t.startsWith('caught-up'));
    assert.deepEqual(told.all.filter((t) => !t.startsWith('gap')), ['error', 'error', 'e1 catch-up', 'caught-up {"pos":1}']);
  });

  it('resets when the record no longer reaches back, and goes on from the newest position', async () => {
    const { server, sync, timeline, told, begun } = setUp(3);
    server.record = Array.from({ length: 9 }, (_, i) => toAll(i + 1));
    server.oldest = 8;
    sync.heard('broadcast', false);
    sync.connected();
    timeline.accept(toAll(10));
    await begun;
    await told.find('what comes then', (t) => t === 'e10 live');
    assert.deepEqual(told.all, ['gap {"after":3}', 'reset {"after":3,"pos":9}', 'e10 live']);
    assert.equal(timeline.position, 10);
  });

  it('goes on at once where notifications are switched off', async () => {
    const { server, sync, told } = setUp(0);
    server.record = [event(1, 'user', 'vic')];
    server.inbox = () => Response.json({ status: 503, detail: 'off', type: 'urn:callboard:problem:switched_off' }, { status: 503 });
    sync.heard('user:vic', false);
    sync.connected();
    await told.find('the end', (t) => t.startsWith('caught-up'));
    assert.deepEqual(told.all, ['gap {"after":0}', 'e1 catch-up', 'caught-up {"pos":1}']);
  });

  it('goes on without the inbox where that fails', async () => {
    const { server, sync, told } = setUp(0);
    server.record = [event(1, 'user', 'vic')];
    server.inbox = failed(503);
    sync.heard('user:vic', false);
    sync.connected();
    await told.find('the end', (t) => t.startsWith('caught-up'));
    assert.deepEqual(told.all, ['gap {"after":0}', 'error', 'error', 'error', 'e1 catch-up', 'caught-up {"pos":1}']);
  });
});
