import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { CallboardError, createClient, type CallboardClient } from '../src/index.js';
import { Server, type TestUser } from './server.js';
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
      Object.getOwnPropertyNames(Object.getPrototypeOf(service)).filter((name) => name !== 'constructor');
    assert.deepEqual(calls(asAdmin.ActivityService), ['logActivity', 'bulkLogActivity', 'findByResource', 'findByUser']);
    assert.deepEqual(calls(asAdmin.NotificationService), ['create', 'markAsRead', 'markAsUnread']);
    assert.deepEqual(calls(asAdmin.PresenceService), ['trackViewer', 'getViewers', 'removeViewer']);
    assert.deepEqual(calls(asAdmin.SocketService), ['initialize', 'broadcastMessage', 'sendToUser', 'sendToRoom']);
  });

  it('log an activity and find it by resource and by user', async () => {
    const { id } = await asViewer.ActivityService.logActivity({
      userId: viewer.id, action: 'lit_set', ...show, resourceName: 'Kitchen', metadata: { lamp_count: 4 },
    });
    const entry = (await asViewer.ActivityService.findByResource('set', 'kitchen')).items.find((item) => item.id === id);
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
    assert.deepEqual(byUser.items.map((item) => item.id), [id]);
    assert.equal(byUser.nextCursor, undefined);
  });

  it('find what was logged just before, each time, and by an application under its own name', async () => {
    for (let i = 1; i <= 20; i++) {
      await Promise.all(['lifted', 'lowered'].map((action) =>
        asService.ActivityService.logActivity({ action, resourceType: 'prop', resourceId: 'curtain' })));
      const { items } = await asService.ActivityService.findByResource('prop', 'curtain');
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
      (await asAdmin.ActivityService.findByResource('prop', 'lamp')).items.length === 7 || undefined);
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await asAdmin.ActivityService.findByResource('prop', 'lamp', { limit: 3, cursor });
      found.push(...page.items.map((item) => item.id));
      sizes.push(page.items.length);
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
      const found = (await asAdmin.ActivityService.findByResource('prop', 'door')).items;
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
      asAdmin.SocketService.broadcastMessage({ event: 'episode_created' }),
      failure(422, (error) => error.errors[0]?.field === 'event'),
    );
  });

  it('tell who is not signed in', async () => {
    const nobody = createClient({ url: server.url, token: 'no such token' });
    await assert.rejects(nobody.ActivityService.findByUser(admin.id), failure(401));
    await assert.rejects(nobody.SocketService.initialize(), failure(0));
  });

  it('tell that no answer came', async () => {
    const away = createClient({ url: 'http://127.0.0.1:1', token: 'any' });
    await assert.rejects(away.ActivityService.findByUser(admin.id), failure(0, (error) => error.cause !== undefined));
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
