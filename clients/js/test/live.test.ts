import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';

import { WebSocket } from 'ws';

import { Callboard, CallboardError, channels, createClient, type CallboardClient, type ConnectOptions, type Live } from '../src/index.js';
import { freePort, Server, type TestUser } from './server.js';
import { eventually, hear, Heard, hearDurable, hearOwn, positioned } from './wait.js';

const secret = 'a secret of at least thirty-two bytes';

/** A JWT that the server takes for a few seconds yet, within the leeway that it grants clocks. */
function expiring(user: TestUser): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user.id, exp: Math.floor(Date.now() / 1000) - 27, jti: randomUUID() })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('a credential that expires', () => {
  let server: Server;
  let admin: TestUser;

  before(async () => {
    server = await Server.start({ JWT_SECRET: secret });
    admin = await server.addUser('Ada', 'admin');
    await server.settle(admin);
  });
  after(() => server.stop());

  it('is renewed without a reconnect where it is a function', async (t) => {
    let tokens = 0; // one to connect, one to ask for the newest position, and those that follow
    const token = (): string => (tokens++, expiring(admin));
    const client = new Callboard({ url: server.url, token, socketUrl: server.url });
    const live = client.connect();
    t.after(() => live.close());
    const [connects, drops] = [hear(live, 'connected'), hear(live, 'disconnected')];
    await live.ready;
    await eventually('two more tokens on the same connection', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return tokens >= 4 || drops.all.length > 0 || undefined;
    });
    assert.deepEqual([connects.all.length, drops.all], [1, []]);
    const heard = hearOwn(live, 'still_here');
    await client.SocketService.broadcastMessage({ event: 'still_here' });
    await heard.find('what comes after');
  });

  it('ends the connection once and for all where there is no other', async () => {
    const live = new Callboard({ url: server.url, token: expiring(admin) }).connect();
    const [connects, drops] = [hear(live, 'connected'), hear(live, 'disconnected')];
    await drops.find('the end', ({ reconnecting }) => !reconnecting);
    assert.deepEqual([connects.all.length, drops.all.length], [1, 1]);
  });
});

describe('sockets on a port of their own', () => {
  it('are found by the client', async (t) => {
    const port = await freePort();
    const server = await Server.start({ SOCKET_PORT: String(port) });
    t.after(() => server.stop());
    const client = new Callboard({ url: server.url, token: (await server.addUser('Ada', 'admin')).token });
    const made: string[] = [];
    class Noted extends WebSocket {
      constructor(url: string) {
        super(url);
        made.push(new URL(url).port);
      }
    }
    const live = await new Callboard({ url: server.url, token: (await server.addUser('Vic', 'viewer')).token, websocket: Noted })
      .SocketService.initialize();
    t.after(() => live.close());
    const heard = hearOwn(live, 'found');
    await client.SocketService.broadcastMessage({ event: 'found' });
    await heard.find('the broadcast');
    assert.deepEqual(made, [String(port)]);
  });
});

describe('a connection', () => {
  let server: Server;
  let admin: TestUser, viewer: TestUser;
  let asAdmin: CallboardClient;
  const open: Live[] = [];

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    viewer = await server.addUser('Vic', 'viewer');
    await server.settle(admin);
    asAdmin = createClient({ url: server.url, token: admin.token });
  });
  after(() => server.stop());
  afterEach(() => open.splice(0).forEach((live) => live.close()));

  async function listen(user: TestUser, options?: ConnectOptions): Promise<Live> {
    const live = await createClient({ url: server.url, token: user.token }).SocketService.initialize(options);
    open.push(live);
    return live;
  }

  it('works where there is no global WebSocket', async () => {
    const given = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket'); // newer releases of Node have one
    Reflect.deleteProperty(globalThis, 'WebSocket');
    try {
      assert.equal(globalThis.WebSocket, undefined);
      assert.equal(typeof (await listen(viewer)).position, 'number');
    } finally {
      if (given) {
        Object.defineProperty(globalThis, 'WebSocket', given);
      }
    }
  });

  it('uses the WebSocket that is passed in', async () => {
    let made = 0;
    class Counted extends WebSocket {
      constructor(url: string) {
        super(url);
        made++;
      }
    }
    const client = createClient({ url: server.url, token: viewer.token, websocket: Counted });
    open.push(await client.SocketService.initialize());
    assert.equal(made, 1);
  });

  it('hears broadcasts, with the time and the data that were given', async () => {
    const live = await listen(viewer);
    const named = hearOwn(live, 'lights_out');
    const all = hearDurable(live);
    const timestamp = new Date(Date.now() - 60_000);
    const { id } = await asAdmin.SocketService.broadcastMessage({ event: 'lights_out', data: { stage_number: 2 }, timestamp });
    const message = await named.find('the broadcast');
    assert.equal(message.id, id);
    assert.deepEqual(message.data, { stage_number: 2 });
    assert.equal(Date.parse(message.timestamp), timestamp.getTime());
    assert.deepEqual(message.actor, { id: admin.id, name: 'Ada' });
    assert.ok(message.pos);
    assert.deepEqual(all.all.map((m) => m.id), [id]);
    await positioned(live, message.pos);
  });

  it('hears what is sent to its user, and others do not', async () => {
    const [live, other] = [await listen(viewer), await listen(admin)];
    const [mine, theirs] = [hearDurable(live), hearDurable(other)];
    await asAdmin.SocketService.sendToUser(viewer.id, { event: 'wardrobe_ready', data: { rack: 1 } });
    await asAdmin.SocketService.broadcastMessage({ event: 'after_that' });
    await mine.find('the message', (m) => m.event === 'wardrobe_ready');
    await theirs.find('the broadcast', (m) => m.event === 'after_that');
    assert.deepEqual(theirs.all.map((m) => m.event), ['after_that']);
  });

  it('hears a room once it subscribed, until it unsubscribes', async () => {
    const live = await listen(viewer);
    const heard = hearDurable(live);
    await asAdmin.SocketService.sendToRoom('green', { event: 'too_early' });
    await asAdmin.SocketService.broadcastMessage({ event: 'before_that' });
    await heard.find('the broadcast', (m) => m.event === 'before_that');
    await live.subscribe(channels.room('green'));
    await live.subscribe(channels.room('green'));
    await asAdmin.SocketService.sendToRoom('green', { event: 'in_time' });
    await heard.find('the message', (m) => m.event === 'in_time');
    live.unsubscribe(channels.room('green'));
    await asAdmin.SocketService.sendToRoom('green', { event: 'too_late' });
    await asAdmin.SocketService.broadcastMessage({ event: 'after_that' });
    await heard.find('the broadcast', (m) => m.event === 'after_that');
    assert.deepEqual(heard.all.map((m) => m.event), ['before_that', 'in_time', 'after_that']);
  });

  it('hears ephemeral messages, which have no position', async () => {
    const live = await listen(viewer);
    const heard = hearOwn(live, 'cursor_moved');
    await live.subscribe(channels.room('edit'));
    const message = { event: 'cursor_moved', ephemeral: true };
    await asAdmin.SocketService.broadcastMessage(message);
    await asAdmin.SocketService.sendToUser(viewer.id, message);
    await asAdmin.SocketService.sendToRoom('edit', message);
    await heard.until('all three', () => heard.all.length === 3);
    assert.deepEqual(heard.all.map((m) => m.pos), [undefined, undefined, undefined]);
  });

  it('hears an event once that comes on two of its channels, typed by the catalog', async () => {
    const live = await listen(viewer);
    const created = hear(live, 'episode_created');
    const updated = hear(live, 'episode_updated');
    const all = hearDurable(live);
    const { data } = await asAdmin.api.POST('/api/v1/episodes', { body: { title: 'Pilot' } });
    assert.ok(data);
    const { id } = data.data;
    assert.equal((await created.find('the episode')).data.title, 'Pilot');
    await live.subscribe(channels.resource('episode', id));
    await asAdmin.api.PATCH('/api/v1/episodes/{id}', { params: { path: { id } }, body: { title: 'The Pilot' } });
    const change = await updated.find('the change');
    assert.deepEqual(change.data.changes?.['title'], { old: 'Pilot', new: 'The Pilot' });
    await asAdmin.SocketService.broadcastMessage({ event: 'after_that' });
    await all.find('the broadcast', (m) => m.event === 'after_that');
    assert.deepEqual(all.all.map((m) => m.event), ['episode_created', 'episode_updated', 'after_that']);
  });

  it('hears messages that are called like events where those are heard, and can tell them apart', async () => {
    const live = await listen(viewer);
    const from = live.position ?? 0;
    const [created, updated, queued] = [hear(live, 'episode_created'), hear(live, 'episode_updated'), hear(live, 'job_queued')];
    await live.subscribe(channels.room('cutting'));
    const { SocketService } = asAdmin;
    const data = { episodeId: 7, title: 'Pilot' };
    await SocketService.broadcastMessage({ event: 'episode_created', data, timestamp: new Date() });
    await SocketService.broadcastMessage({ event: 'job_queued', data });
    await SocketService.sendToUser(viewer.id, { event: 'episode_updated', data });
    await SocketService.sendToRoom('cutting', { event: 'episode_updated', data: { ...data, room: true } });
    await asAdmin.api.POST('/api/v1/episodes', { body: { title: 'Pilot' } });
    await created.until('the message and the event', () => created.all.length === 2);
    assert.deepEqual(created.all.map((m) => [m.direct, m.resource.type]), [[true, ''], [undefined, 'episode']]);
    assert.deepEqual(created.all[0]?.data as unknown, data);
    assert.deepEqual(updated.all.map((m) => [m.direct, m.resource.type]), [[true, 'user'], [true, 'room']]);
    assert.deepEqual(queued.all.map((m) => m.direct), [true]);

    const later = await listen(viewer, { after: from });
    const [again, caughtUp] = [hear(later, 'job_queued'), hear(later, 'caught-up')];
    await caughtUp.find('the end of the catch-up');
    assert.deepEqual(again.all.map((m) => m.direct), [true]); // though no event of that name goes to all
  });

  it('hears notifications and the unread count', async () => {
    const live = await listen(viewer);
    const pushed = hear(live, 'notification');
    const counts = hear(live, 'unread_count');
    const { id } = await asAdmin.NotificationService.create({ userId: viewer.id, message: 'Ready?', type: 'call' });
    const push = await pushed.find('the notification', (m) => m.id === id);
    assert.equal(push.data.notification.message, 'Ready?');
    assert.ok(push.data.unread_count >= 1);
    await asAdmin.api.GET('/api/v1/notifications');
    const { response } = await createClient({ url: server.url, token: viewer.token }).api.POST('/api/v1/notifications/read-all', {});
    assert.equal(response.status, 200);
    assert.equal((await counts.find('the count')).data.unread_count, 0);
  });

  it('sees viewers come and go', async () => {
    const [live, looker] = [await listen(admin), await listen(viewer)];
    const joined = hear(live, 'viewer_joined');
    const left = hear(live, 'viewer_left');
    const lists = hear(live, 'viewers');
    await live.subscribe(channels.resource('set', 'attic'));
    const { data } = await live.subscribe(channels.viewers('set', 'attic'), { track: false });
    assert.deepEqual(data, { viewers: [], total: 0 });
    await asAdmin.PresenceService.trackViewer({ userId: viewer.id, resourceType: 'set', resourceId: 'attic' });
    assert.equal((await joined.find('who comes')).data.user_id, viewer.id);
    await lists.find('the list', (m) => m.data.total === 1);
    await asAdmin.PresenceService.removeViewer(viewer.id, 'set', 'attic');
    assert.equal((await left.find('who goes')).data.user_id, viewer.id);
    await looker.subscribe(channels.viewers('set', 'attic'));
    await joined.until('who comes live', () => joined.all.length === 2);
    assert.deepEqual((await asAdmin.PresenceService.getViewers('set', 'attic')).map((v) => v.name), ['Vic']);
  });

  it('is told why it may not hear a channel', async () => {
    const live = await listen(viewer);
    const refused = async (channel: string, status: number): Promise<void> => {
      await assert.rejects(live.subscribe(channel), (error) => error instanceof CallboardError && error.status === status);
    };
    await refused(`user:${admin.id}`, 403);
    await refused(channels.resource('episode', '01a20ccf-c53a-7b7b-b74f-7d91ab6172be'), 404);
    live.close();
    await refused(channels.room('green'), 0);
  });

  it('begins after a position that it is given, with its own events alone', async () => {
    const from = (await listen(viewer)).position ?? 0;
    const { SocketService, NotificationService } = asAdmin;
    await SocketService.broadcastMessage({ event: 'missed', data: { n: 1 } });
    await SocketService.sendToUser(admin.id, { event: 'missed', data: { n: 'not ours' } });
    await SocketService.sendToRoom('green', { event: 'missed', data: { n: 'not joined' } });
    const { id } = await NotificationService.create({ userId: viewer.id, message: 'Again', type: 'call_again' });
    await SocketService.sendToUser(viewer.id, { event: 'missed', data: { n: 2 } });
    const last = await SocketService.broadcastMessage({ event: 'missed', data: { n: 3 } });
    await eventually('all have positions', async () => {
      const { data } = await asAdmin.api.GET('/api/v1/events', { params: { query: { after: from } } });
      return data?.data.find((m) => m.id === last.id);
    });
    const live = await listen(viewer, { after: from });
    assert.equal(live.position, from);
    const [heard, pushed, caughtUp] = [hearOwn(live, 'missed'), hear(live, 'notification'), hear(live, 'caught-up')];
    await caughtUp.find('the end of the catch-up');
    assert.deepEqual(heard.all.map((m) => m.data), [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.deepEqual(pushed.all.map((m) => m.id), [id]);
    assert.deepEqual(new Set(heard.sources), new Set(['catch-up']));
    await positioned(live, caughtUp.all[0]?.pos);
  });

  it('is reset when what it missed is not kept', async () => {
    const live = await listen(viewer, { after: 1_000_000 });
    const reset = await hear(live, 'reset').find('the reset');
    assert.equal(reset.after, 1_000_000);
    assert.ok(reset.pos < 1_000_000);
    assert.equal(live.position, reset.pos);
    const heard = hearOwn(live, 'goes_on');
    await asAdmin.SocketService.broadcastMessage({ event: 'goes_on' });
    const message = await heard.find('what comes then');
    assert.equal(message.pos, reset.pos + 1);
  });

  it('may be asked for a channel and left alone', async () => {
    let tell: (call: string, source: 'live') => void = () => undefined;
    const told = new Heard<string>((handler) => (tell = handler));
    const client = new Callboard({ url: server.url, token: viewer.token, onError: (error, call) => tell(`${call}: ${String(error)}`, 'live') });
    const live = client.connect();
    open.push(live);
    void live.subscribe(`user:${admin.id}`);
    assert.match(await told.find('the refusal'), /^live.subscribe: CallboardError: /);
  });

  it('reports handlers that throw or reject, and goes on', async () => {
    const live = await listen(viewer);
    live.on('broken', () => {
      throw new Error('the handler is broken');
    });
    live.on('broken', async () => {
      throw new Error('and so is this one');
    });
    const errors = hear(live, 'error');
    const heard = hearOwn(live, 'broken');
    await asAdmin.SocketService.broadcastMessage({ event: 'broken' });
    await heard.find('the message');
    await errors.until('both', () => errors.all.length === 2);
    assert.deepEqual(errors.all.map((error) => error.message), ['the handler is broken', 'and so is this one']);
  });

  it('ends for good when an admin ends it', async () => {
    const live = await listen(viewer);
    const ends = hear(live, 'disconnected');
    await asAdmin.api.POST('/api/v1/socket/disconnect/{user}', { params: { path: { user: viewer.id } } });
    assert.equal((await ends.find('the end')).reconnecting, false);
    assert.equal(live.ended, true);
  });
});
