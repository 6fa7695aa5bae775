import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Callboard, CallboardError, channels, createClient, type CallboardClient } from '../src/index.js';
import { freePort, Server, type TestUser } from './server.js';
import { eventually, hear } from './wait.js';

const show = { resourceType: 'set', resourceId: 'kitchen' };

function failure(status: number, check: (error: CallboardError) => boolean = () => true) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof CallboardError, String(error));
    assert.equal(error.status, status);
    assert.notEqual(error.detail, '');
    return check(error);
  };
}

describe('the four services', () => {
  let server: Server;
  let admin: TestUser, viewer: TestUser;
  let asAdmin: CallboardClient, asViewer: CallboardClient, asService: CallboardClient;

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    viewer = await server.addUser('Vic', 'viewer');
    asAdmin = createClient({ url: server.url, token: admin.token });
    asViewer = createClient({ url: `${server.url}/`, token: async () => viewer.token });
    asService = createClient({ url: server.url, token: await server.addToken(admin.email, '--service') });
  });
  after(() => server.stop());

  it('have the calls that are promised, and no others', () => {
    const calls = (service: object): string[] =>
      Object.getOwnPropertyNames(service);
    assert.deepEqual(calls(asAdmin.ActivityService), ['logActivity', 'bulkLogActivity', 'findByResource', 'findByUser']);
    assert.deepEqual(calls(asAdmin.NotificationService), ['create', 'markAsRead', 'markAsUnread', 'changeMany', 'why', 'whyEvent']);
    assert.deepEqual(calls(asAdmin.PresenceService), ['trackViewer', 'getViewers', 'getViewersOfMany', 'removeViewer']);
    assert.deepEqual(calls(asAdmin.SocketService), ['broadcastMessage', 'sendToUser', 'sendToRoom', 'initialize']);
  });

  it('log an activity and find it by resource and by user', async () => {
    const { id } = await asViewer.ActivityService.logActivity({
      userId: viewer.id, action: 'lit_set', ...show, resourceName: 'Kitchen', metadata: { lamp_count: 4 },
    });
    const entry = (await asViewer.ActivityService.findByResource('set', 'kitchen')).find((item) => item.id === id);
    assert.ok(entry, 'a client does not read what it wrote');
    assert.equal(entry.userId, viewer.id);
    assert.equal(entry.userName, 'Vic');
    assert.equal(entry.action, 'lit_set');
    assert.equal(entry.resourceType, 'set');
    assert.equal(entry.resourceId, 'kitchen');
    assert.equal(entry.resourceName, 'Kitchen');
    assert.deepEqual(entry.metadata, { lamp_count: 4 });
    assert.ok(entry.pos > 0);
    assert.ok(Date.parse(entry.createdAt) > 0);
    const byUser = await asAdmin.ActivityService.findByUser(viewer.id);
    assert.deepEqual(byUser.map((item) => item.id), [id]);
    assert.equal(byUser.nextCursor, undefined);
  });

  it('find what was logged just before, each time, and by an application under its own name', async () => {
    for (let i = 1; i <= 20; i++) {
      await Promise.all(['lifted', 'lowered'].map((action) =>
        asService.ActivityService.logActivity({ action, resourceType: 'prop', resourceId: 'curtain' })));
      const items = await asService.ActivityService.findByResource('prop', 'curtain');
      assert.equal(items.length, 2 * i);
      assert.ok(items.every((item) => item.userId !== admin.id && item.source === 'application'));
    }
  });

  it('mark a notification as read and as unread again, for all connections of the user', async () => {
    const live = await asViewer.SocketService.initialize();
    const pushed = hear(live, 'notification');
    const counts = hear(live, 'unread_count');
    const last = (): number | undefined => counts.all.at(-1)?.data.unread_count;
    const { id } = await asService.NotificationService.create({ userId: viewer.id, message: 'Places!', type: 'places' });
    const entry = (await pushed.find('the notification', (m) => m.id === id)).data.notification;
    assert.equal((await asViewer.NotificationService.why(entry.id)).outcome, 'passed');
    assert.equal((await asService.NotificationService.whyEvent(id, { userId: viewer.id })).notificationId, entry.id);
    await assert.rejects(asViewer.NotificationService.whyEvent(id, { userId: 'somebody else' }), failure(403));
    assert.ok((await asViewer.NotificationService.markAsRead(entry.id)).readAt);
    await counts.until('the count has gone down', () => last() === 0);
    assert.equal((await asViewer.NotificationService.markAsUnread(entry.id)).readAt, undefined);
    await counts.until('the count has gone up', () => last() === 1);
    await assert.rejects(asAdmin.NotificationService.markAsUnread(entry.id), failure(404));
    await asViewer.NotificationService.markAsRead(entry.id);
    live.close();
  });

  it('log many activities in one call, for another user, and page through them newest first', async () => {
    const inputs = Array.from({ length: 7 }, (_, i) => ({
      userId: viewer.id, action: 'moved', resourceType: 'prop', resourceId: 'lamp', metadata: { step: i },
    }));
    const { ids } = await asService.ActivityService.bulkLogActivity(inputs);
    assert.equal(new Set(ids).size, 7);
    await eventually('all are there', async () =>
      (await asAdmin.ActivityService.findByResource('prop', 'lamp')).length === 7 || undefined);
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await asAdmin.ActivityService.findByResource('prop', 'lamp', { limit: 3, cursor });
      found.push(...page.map((item) => item.id));
      sizes.push(page.length);
      cursor = page.nextCursor;
    } while (cursor);
    assert.deepEqual(found, ids.toReversed());
    assert.deepEqual(sizes, [3, 3, 1]);
  });

  it('write all of a bulk call or nothing', async () => {
    const good = { action: 'painted', resourceType: 'prop', resourceId: 'door' };
    await assert.rejects(
      asAdmin.ActivityService.bulkLogActivity([good, { ...good, action: 'not a name' }]),
      failure(422, (error) => error.errors.some((field) => field.field?.includes('action'))),
    );
    const { id } = await asAdmin.ActivityService.logActivity(good);
    const items = await eventually('a later entry is there', async () => {
      const found = (await asAdmin.ActivityService.findByResource('prop', 'door'));
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(items.map((item) => item.id), [id]);
  });

  it('refuse to log for another user without the right to', async () => {
    await assert.rejects(
      asViewer.ActivityService.logActivity({ userId: admin.id, action: 'lit_set', ...show }), failure(403));
    await assert.rejects(
      asViewer.PresenceService.trackViewer({ userId: admin.id, ...show }), failure(403));
    await assert.rejects(asViewer.SocketService.broadcastMessage({ event: 'hello' }), failure(403));
    await assert.rejects(
      asViewer.NotificationService.create({ userId: 'all', message: 'hello', type: 'hello' }), failure(403));
  });

  it('name the fields that break a rule', async () => {
    await assert.rejects(
      asAdmin.NotificationService.create({ userId: 'everybody', message: '', type: 'call_time' }),
      failure(422, (error) => {
        assert.ok(error.errors.length > 0);
        assert.ok(error.errors.every((field) => field.message !== ''));
        return error.errors.some((field) => field.field === 'message') && error.type.endsWith('invalid');
      }),
    );
    await assert.rejects(
      asAdmin.SocketService.broadcastMessage({ event: 'unread_count' }),
      failure(422, (error) => error.errors[0]?.field === 'event'),
    );
  });

  it('tell who is not signed in', async () => {
    const nobody = createClient({ url: server.url, token: 'no such token' });
    await assert.rejects(nobody.ActivityService.findByUser(admin.id), failure(401));
    await assert.rejects(nobody.SocketService.initialize(), failure(0));
  });

  it('tell that no answer came', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const away = createClient({ url, token: 'any', retry: 200 });
    await assert.rejects(away.ActivityService.findByUser(admin.id),
      failure(0, (error) => error.cause !== undefined && error.message === `no answer from ${url}: ECONNREFUSED`));
  });

  it('take numbers as IDs of resources', async () => {
    const take = { resourceType: 'take', resourceId: 7 };
    const { ids } = await asAdmin.ActivityService.bulkLogActivity([{ action: 'shot', ...take }, { action: 'printed', ...take }]);
    await eventually('both entries are there', async () => {
      const found = await asAdmin.ActivityService.findByResource('take', 7);
      return found.map((entry) => entry.id).join() === ids.toReversed().join() || undefined;
    });
    await asAdmin.NotificationService.create({ userId: viewer.id, type: 'take', message: 'Printed', ...take });
    assert.equal((await asViewer.PresenceService.trackViewer(take)).length, 1);
    assert.equal((await asAdmin.PresenceService.getViewers('take', 7))[0]?.userId, viewer.id);
    await asViewer.PresenceService.removeViewer(null, 'take', 7);
    assert.deepEqual(await asAdmin.PresenceService.getViewers('take', 7), []);
    assert.equal(channels.resource('take', 7), 'take:7');
    assert.equal(channels.viewers('take', 7), 'viewers:take:7');
  });

  it('name what is wrong in the message, in the words of the call', async () => {
    const entry = { action: 'shot', ...show };
    const wrong = (value: unknown): never => value as never;
    const calls: [RegExp, () => Promise<unknown>][] = [
      [/^userId: must be a string$/, () => asAdmin.ActivityService.logActivity({ ...entry, userId: wrong(true) })],
      [/^resourceId: is required$/, () => asAdmin.ActivityService.logActivity(wrong({ action: 'shot', resourceType: 'set' }))],
      [/^entries\[1\]\.resourceType: is required$/,
        () => asAdmin.ActivityService.bulkLogActivity([entry, wrong({ action: 'shot', resourceId: 'a' })])],
      [/^entries: must be an array$/, () => asAdmin.ActivityService.bulkLogActivity(wrong(undefined))],
      [/^input: must be an object$/, () => asAdmin.ActivityService.logActivity(wrong(undefined))],
      [/^metadata: cannot be written as JSON$/, () => asAdmin.ActivityService.logActivity({ ...entry, metadata: { big: 1n } })],
      [/^metadata: must be an object$/, () => asAdmin.ActivityService.logActivity({ ...entry, metadata: wrong('text') })],
      [/^id: must be a string that is not empty, or a number$/, () => asAdmin.ActivityService.findByResource('set', wrong(undefined))],
      [/^id: must not be \. or \.\.$/, () => asAdmin.PresenceService.getViewers('set', '..')],
      [/^limit: must be at most 200$/, () => asAdmin.ActivityService.findByResource('set', 'a', { limit: 1000 })],
      [/^userId: must be a user's ID, role:<role>, /,
        () => asAdmin.NotificationService.create({ userId: wrong(undefined), type: 'call', message: 'Now' })],
      [/^userId: must be a user's ID, role:<role>, /,
        () => asAdmin.NotificationService.create({ userId: wrong([true]), type: 'call', message: 'Now' })],
      [/^expiresAt: must be a time$/,
        () => asAdmin.NotificationService.create({ userId: 'all', type: 'call', message: 'Now', expiresAt: new Date(NaN) })],
      [/^timestamp: must be a time$/, () => asAdmin.SocketService.broadcastMessage({ event: 'now', timestamp: NaN })],
      [/^userId: must be a user ID: /, () => asAdmin.SocketService.sendToUser('role:admin', { event: 'now' })],
      [/^userId: must be a whole number below 2\^53, or a string$/, () => asAdmin.ActivityService.findByUser(2 ** 53)],
      [/^userId: must have at most 128 characters$/, () => asAdmin.ActivityService.findByUser('v'.repeat(129))],
      [/^message: must be an object$/, () => asAdmin.SocketService.sendToRoom('green', wrong(null))],
      [/^userId: must be a string that is not empty/, () => asAdmin.SocketService.sendToUser(wrong(undefined), { event: 'now' })],
      [/^after: must be a position$/, () => asAdmin.SocketService.initialize({ after: wrong('soon') })],
    ];
    for (const [message, call] of calls) {
      await assert.rejects(call(), (error) => {
        assert.ok(error instanceof CallboardError, String(error));
        assert.match(error.message, message);
        assert.equal(error.status, 422);
        return true;
      });
    }
    assert.throws(() => new Callboard(wrong({})), { name: 'CallboardError', message: /^url: must be/ });
    assert.throws(() => new Callboard(wrong(undefined)), { name: 'CallboardError', message: /^url: must be/ });
  });

  it('never take an unknown user for the caller', async () => {
    const { ActivityService, PresenceService } = asService;
    const entry = { action: 'guessed', resourceType: 'set', resourceId: 'vault' };
    const unknown = undefined as unknown as string;
    const refused = { status: 422, message: /^userId: must name a user/ };
    await assert.rejects(ActivityService.logActivity({ ...entry, userId: unknown }), refused);
    await assert.rejects(ActivityService.bulkLogActivity([{ ...entry, userId: unknown }]), refused);
    await assert.rejects(ActivityService.logActivity({ ...entry, userId: '' }), refused);
    await assert.rejects(PresenceService.trackViewer({ ...entry, userId: unknown }), refused);
    await assert.rejects(PresenceService.removeViewer(unknown, 'set', 'vault'), refused);
    const { id } = await ActivityService.logActivity({ ...entry, userId: null });
    await eventually('the one entry is there', async () =>
      (await ActivityService.findByResource('set', 'vault')).map((found) => found.id).join() === id || undefined);
    assert.deepEqual(await PresenceService.getViewers('set', 'vault'), []);
  });

  it('log nothing when there is nothing to log', async () => {
    let requests = 0;
    const counted = createClient({ url: server.url, token: admin.token, fetch: (...args) => (requests++, fetch(...args)) });
    assert.deepEqual(await counted.ActivityService.bulkLogActivity([]), { ids: [] });
    assert.equal(requests, 0);
  });

  it('can be taken off the client', async () => {
    const { findByUser } = asAdmin.ActivityService;
    assert.ok(Array.isArray(await findByUser(admin.id)));
  });

  const recipients: [string, (viewerId: string) => string | string[]][] = [
    ['a user', (id) => id],
    ['a list', (id) => [id, 'role:editor']],
    ['a role', () => 'role:viewer'],
    ['the watchers of a resource', () => 'watchers:episode:EPISODE'],
    ['everybody', () => 'all'],
  ];
  for (const [name, recipient] of recipients) {
    it(`notify ${name}`, async () => {
      const type = `call_${name.replaceAll(' ', '_')}`;
      const to = recipient(viewer.id);
      const userId = to === 'watchers:episode:EPISODE' ? `watchers:episode:${await watchedEpisode()}` : to;
      const { id } = await asService.NotificationService.create({
        userId, message: 'Call time is 7:00', type, data: { call_sheet: 3 }, priority: 'high', expiresAt: new Date(Date.now() + 3_600_000),
      });
      const entry = await eventually('it is in the inbox', async () => {
        const { data } = await asViewer.api.GET('/api/v1/notifications', { params: { query: { type } } });
        return data?.data.find((notification) => notification.event_id === id);
      });
      assert.equal(entry.message, 'Call time is 7:00');
      assert.equal(entry.priority, 'high');
      assert.deepEqual(entry.data, { call_sheet: 3 });
    });
  }

  async function watchedEpisode(): Promise<string> {
    const { data } = await asAdmin.api.POST('/api/v1/episodes', { body: { title: 'Pilot' } });
    assert.ok(data);
    const { response } = await asViewer.api.PUT('/api/v1/episodes/{id}/watch', { params: { path: { id: data.data.id } } });
    assert.equal(response.status, 204);
    return data.data.id;
  }

  it('track who looks at a resource until they leave', async () => {
    const { PresenceService } = asAdmin;
    const names = async (): Promise<string[]> => (await PresenceService.getViewers('set', 'kitchen')).map((v) => v.name);
    const tracked = await asViewer.PresenceService.trackViewer({ userId: viewer.id, ...show });
    assert.deepEqual(tracked.map((v) => v.userId), [viewer.id]);
    assert.ok(Date.parse(tracked[0]?.since ?? '') > 0);
    await PresenceService.trackViewer(show);
    await PresenceService.trackViewer({ userId: viewer.id, ...show });
    assert.deepEqual(await names(), ['Vic', 'Ada']);
    assert.equal((await PresenceService.getViewers('set', 'kitchen', { cacheTTL: 60_000 })).length, 2);
    assert.equal(await PresenceService.removeViewer(viewer.id, 'set', 'kitchen'), undefined);
    assert.deepEqual(await names(), ['Ada']);
  });

  it('tell who edits which field, and who looks at many resources', async () => {
    const { data } = await asAdmin.api.POST('/api/v1/episodes', { body: { title: 'Dead Reckoning' } });
    assert.ok(data);
    const episode = { resourceType: 'episode', resourceId: data.data.id };
    const { PresenceService } = asAdmin;
    await asViewer.PresenceService.trackViewer(episode);
    const [first, second] = await PresenceService.trackViewer({ ...episode, editing: 'title' });
    assert.deepEqual([first?.userId, first?.editing, second?.userId, second?.editing], [admin.id, ['title'], viewer.id, undefined]);
    await assert.rejects(asViewer.PresenceService.trackViewer({ ...episode, editing: 'title' }), failure(403));
    await assert.rejects(PresenceService.trackViewer({ ...episode, editing: 'the title' }), failure(422));

    const unknown = '0198f4c2-0000-7000-8000-000000000000';
    const many = await asViewer.PresenceService.getViewersOfMany('episode', [unknown, data.data.id]);
    assert.deepEqual([...many.keys()], [data.data.id]);
    assert.deepEqual(many.get(data.data.id)?.viewers.map((v) => v.editing), [['title'], undefined]);
    assert.equal(many.get(data.data.id)?.total, 2);
    assert.equal((await PresenceService.getViewersOfMany('episode', [])).size, 0);

    await PresenceService.removeViewer(null, 'episode', data.data.id, { editing: 'title' });
    assert.deepEqual((await PresenceService.getViewers('episode', data.data.id)).map((v) => v.editing), [undefined, undefined]);
  });

  it('sign in with a session cookie', async () => {
    const jar = new Map<string, string>();
    const withCookies: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      request.headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
      const response = await fetch(request);
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        jar.set(name, value);
      }
      return response;
    };
    const session = createClient({ url: server.url, fetch: withCookies });
    await assert.rejects(session.auth.me(), failure(401));
    await assert.rejects(session.auth.login(viewer.email, 'wrong'), failure(401));
    const user = await session.auth.login(viewer.email, viewer.password);
    assert.equal(user.id, viewer.id);
    assert.equal((await session.auth.me()).hasPassword, true);
    await session.ActivityService.logActivity({ action: 'signed_in', resourceType: 'door', resourceId: 'stage' });
    const live = await session.SocketService.initialize();
    assert.equal(session.connect(), live);
    const ended = new Promise<boolean>((resolve) => live.on('disconnected', (d) => d.reconnecting || resolve(true)));
    await session.auth.logout();
    await ended; // the session is over, and with it the right to a socket
    await assert.rejects(session.auth.me(), failure(401));
  });
});

describe('a service that is switched off', () => {
  let server: Server;
  before(async () => {
    server = await Server.start({ ACTIVITY_DB_ENABLED: 'false', NOTIFICATION_ENABLED: 'false', PRESENCE_TRACKING_ENABLED: 'false' });
  });
  after(() => server.stop());

  it('refuses at once', async () => {
    const { id, token } = await server.addUser('Ada', 'admin');
    let requests = 0;
    const client = createClient({ url: server.url, token, fetch: (...args) => (requests++, fetch(...args)) });
    const calls: [RegExp, () => Promise<unknown>][] = [
      [/activity log is switched off/, () => client.ActivityService.logActivity({ action: 'lit_set', ...show })],
      [/activity log is switched off/, () => client.ActivityService.findByUser(id)],
      [/notifications are switched off/, () => client.NotificationService.create({ userId: id, type: 'call', message: 'Now' })],
      [/presence is switched off/, () => client.PresenceService.trackViewer(show)],
    ];
    for (const [message, call] of calls) {
      await assert.rejects(call(), { status: 503, message, type: 'urn:callboard:problem:switched_off' });
    }
    assert.equal(requests, calls.length);
  });
});
