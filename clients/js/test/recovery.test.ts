import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { channels, createClient, type CallboardClient, type Message } from '../src/index.js';
import { Cable } from './cable.js';
import { Server, type TestUser } from './server.js';
import { eventually, hear, hearOwn, within } from './wait.js';

/** Messages per writer: enough that the crash falls among them. */
const count = 60;

describe('after a crash of the server', () => {
  let server: Server;
  let admin: TestUser, viewer: TestUser;

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    viewer = await server.addUser('Vic', 'viewer');
    await server.settle(admin);
  });
  after(() => server.stop());

  it('nothing is missed, nothing comes twice, and the order is kept', async (t) => {
    const asAdmin = createClient({ url: server.url, token: admin.token });
    const live = await createClient({ url: server.url, token: viewer.token }).SocketService.initialize();
    t.after(() => live.close());
    await live.subscribe(channels.room('green'));
    const events = hear(live, 'event');
    const pushes = hear(live, 'notification');
    const gaps = hear(live, 'gap');
    const caughtUp = hear(live, 'caught-up');
    const ends = hear(live, 'disconnected');

    const writers = [
      write(count, (n, key) => send(asAdmin, '/api/v1/socket/broadcast', n, key)),
      write(count, (n, key) => send(asAdmin, '/api/v1/socket/notify-room/green', n, key)),
      write(count, (n, key) => send(asAdmin, `/api/v1/socket/notify-user/${viewer.id}`, n, key)),
      write(count / 4, (n, key) => notify(asAdmin, viewer.id, n, key)),
    ];
    await events.until('a part of them', () => events.all.length >= count);
    await server.kill();
    assert.equal((await ends.find('the connection drops')).reconnecting, true);
    await server.serve();
    await Promise.all(writers);
    await asAdmin.SocketService.broadcastMessage({ event: 'the_end' });

    await events.find('the end', (m) => m.event === 'the_end');
    await pushes.until('all notifications', () => pushes.all.length >= count / 4);
    const own = events.all.filter((m) => m.event === 'counted');
    for (const type of ['', 'room', 'user']) {
      const numbers = own.filter((m) => m.resource.type === type).map(numberOf);
      assert.deepEqual(numbers, Array.from({ length: count }, (_, i) => i), `messages to ${type || 'all'}`);
    }
    const positions = events.all.flatMap((m) => m.pos ?? []);
    assert.deepEqual(positions, positions.toSorted((a, b) => a - b));
    assert.equal(new Set(events.all.map((m) => m.id)).size, events.all.length);
    assert.deepEqual(pushes.all.map((m) => m.data.notification.message), Array.from({ length: count / 4 }, (_, i) => `Take ${i}`));
    assert.ok(gaps.all.length > 0, 'a server that crashed has no history, so there must have been a gap');
    assert.ok(caughtUp.all.length > 0);
  });
});

describe('while the server is away', () => {
  let server: Server;
  let admin: TestUser;

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    await server.kill();
  });
  after(() => server.stop());

  it('a client that is closed leaves nothing behind', async () => {
    const requests: Request[] = [];
    const noted: typeof fetch = (input, init) => (requests.push(new Request(input, init)), fetch(input, init));
    const client = createClient({ url: server.url, token: admin.token, fetch: noted });
    const live = client.connect();
    const errors = hear(live, 'error');
    const ready = assert.rejects(live.ready, { status: 0 });
    await eventually('it looks for the sockets', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return requests[1];
    });
    live.close();
    await ready;
    const { length } = requests;
    await assert.rejects(createClient({ url: server.url, retry: 500 }).auth.me(), { status: 0 }); // time in which it would try again
    assert.deepEqual([requests.length, errors.all], [length, []]);
  });

  it('a client waits for it', async (t) => {
    const client = createClient({ url: server.url, token: admin.token });
    const pending = client.SocketService.initialize();
    t.after(() => client.connect().close());
    await server.serve();
    const live = await within(pending, 'the connection');
    const heard = hearOwn(live, 'begun');
    await client.SocketService.broadcastMessage({ event: 'begun' });
    await heard.find('the message');
  });
});

describe('a restart of the server amid writes', () => {
  let server: Server;
  let admin: TestUser;

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    await server.settle(admin);
  });
  after(() => server.stop());

  for (const [name, end] of [['a crash', () => server.kill()], ['a graceful stop', () => server.terminate()]] as const) {
    it(`loses no entry and doubles none: ${name}`, async () => {
      const { ActivityService } = createClient({ url: server.url, token: admin.token });
      const [writers, each] = [8, 20];
      const resource = { resourceType: 'reel', resourceId: randomUUID() };
      const failures: unknown[] = [];
      const ids: string[] = [];
      let tell = (): void => undefined;
      const begun = new Promise<void>((resolve) => (tell = resolve));
      const all = Promise.all(Array.from({ length: writers }, async (_, writer) => {
        for (let n = 0; n < each; n++) {
          const written = ActivityService.logActivity({ action: 'cut', ...resource, metadata: { n: writer * each + n } });
          await written.then(({ id }) => ids.push(id), (error: unknown) => failures.push(error));
          if (ids.length >= 2 * writers) {
            tell();
          }
        }
      }));
      await begun;
      await end();
      await server.serve();
      await all;
      assert.deepEqual(failures.map(String), []);
      assert.equal(new Set(ids).size, writers * each);
      const found = await eventually('all entries are in the log', async () => {
        const page = await ActivityService.findByResource(resource.resourceType, resource.resourceId, { limit: 200 });
        return page.length >= ids.length ? page : undefined;
      });
      assert.deepEqual(found.map(({ id }) => id).toSorted(), ids.toSorted());
      assert.deepEqual(found.map(({ metadata }) => Number(metadata['n'])).toSorted((a, b) => a - b), Array.from(ids.keys()));
    });
  }
});

describe('after the network was away', () => {
  let server: Server;
  let admin: TestUser, viewer: TestUser;

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    viewer = await server.addUser('Vic', 'viewer');
    await server.settle(admin);
  });
  after(() => server.stop());

  it('the history of the channels gives what was missed, in order, without a catch-up', async (t) => {
    const asAdmin = createClient({ url: server.url, token: admin.token });
    const cable = await Cable.to(server.url);
    t.after(() => cable.close());
    const live = await createClient({ url: server.url, socketUrl: cable.url, token: viewer.token }).SocketService.initialize();
    t.after(() => live.close());
    await live.subscribe(channels.room('green'));
    const [events, gaps, ends] = [hearOwn(live, 'counted'), hear(live, 'gap'), hear(live, 'disconnected')];
    cable.cut();
    await ends.find('the connection drops');
    const { SocketService } = asAdmin;
    for (let n = 0; n < 12; n += 3) {
      await SocketService.sendToUser(viewer.id, { event: 'counted', data: { n } });
      await SocketService.sendToRoom('green', { event: 'counted', data: { n: n + 1 } });
      await SocketService.broadcastMessage({ event: 'counted', data: { n: n + 2 } });
    }
    cable.mend();
    await events.until('all of them', () => events.all.length >= 12);
    assert.deepEqual(events.all.map(numberOf), Array.from({ length: 12 }, (_, i) => i));
    assert.deepEqual(gaps.all, []);
  });

  it('a client that missed more than the history holds is told of the gap, and catches up', async (t) => {
    const asAdmin = createClient({ url: server.url, token: admin.token });
    const created = await asAdmin.api.POST('/api/v1/episodes', { body: { title: 'Pilot' } });
    const id = created.data?.data.id ?? '';
    const cable = await Cable.to(server.url);
    t.after(() => cable.close());
    const live = await createClient({ url: server.url, socketUrl: cable.url, token: viewer.token }).SocketService.initialize();
    t.after(() => live.close());
    await live.subscribe(channels.resource('episode', id));
    const [events, gaps, ends] = [hear(live, 'episode_updated'), hear(live, 'gap'), hear(live, 'disconnected')];
    cable.cut();
    await ends.find('the connection drops');
    const texts = Array.from({ length: 150 }, (_, n) => `${n} `.padEnd(4000, 'x'));
    for (const description of texts) {
      await asAdmin.api.PATCH('/api/v1/episodes/{id}', { params: { path: { id } }, body: { description } });
    }
    cable.mend();
    await events.until('all of them', () => events.all.length >= texts.length);
    assert.deepEqual(events.all.map((m) => m.data.changes?.description?.new), texts);
    assert.ok(gaps.all.length > 0);
    assert.ok(!ends.all.some(({ code }) => code === 3008), 'cut off as slow');
    await asAdmin.api.PATCH('/api/v1/episodes/{id}', { params: { path: { id } }, body: { description: 'the end' } });
    await events.find('what comes afterwards', (m) => m.data.changes?.description?.new === 'the end');
  });
});

function numberOf(message: Message): unknown {
  return (message.data as { n: unknown }).n;
}

/** Writes one after the other, each until it is known to be durable. The key keeps a repeat from counting twice. */
async function write(total: number, one: (n: number, key: string) => Promise<Response>): Promise<void> {
  for (let n = 0; n < total; n++) {
    const key = randomUUID();
    const attempt = async (): Promise<boolean> => {
      const response = await one(n, key).catch(() => undefined);
      // 409: it was carried out, and its answer was lost in the crash.
      return response !== undefined && (response.ok || response.status === 409);
    };
    while (!(await attempt())) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

type Call = '/api/v1/socket/broadcast';

async function send(client: CallboardClient, path: string, n: number, key: string): Promise<Response> {
  // The three calls take the same body; only the path differs.
  const { response } = await client.api.POST(path as Call, {
    params: { header: { 'Idempotency-Key': key } },
    body: { event: 'counted', data: { n } },
  });
  return response;
}

async function notify(client: CallboardClient, userId: string, n: number, key: string): Promise<Response> {
  const { response } = await client.api.POST('/api/v1/notifications', {
    params: { header: { 'Idempotency-Key': key } },
    body: { user_id: userId, type: `take_${n}`, message: `Take ${n}` },
  });
  return response;
}
