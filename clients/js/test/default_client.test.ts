import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { ActivityService, configure, NotificationService, PresenceService, SocketService } from '../src/index.js';
import { Heard } from './wait.js';

const entry = { action: 'lit_set', resourceType: 'set', resourceId: 'kitchen' };

interface Sent {
  url: string;
  authorization: string | null;
  body: unknown;
}

/** A fetch that keeps what it was to send, and answers that all went well. */
function recorder(): { sent: Sent[]; fetch: typeof fetch } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const text = await request.text();
      sent.push({ url: request.url, authorization: request.headers.get('Authorization'), body: text ? JSON.parse(text) : undefined });
      return request.method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json({ data: { id: 'id', viewers: [] } });
    },
  };
}

// One after the other: they share the one configuration of the process.
describe('the services that the package exports', { concurrency: false }, () => {
  beforeEach(() => {
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('callboard.options')];
    delete process.env['CALLBOARD_URL'];
    delete process.env['CALLBOARD_TOKEN'];
  });

  it('refuse a call as long as they know no server', async () => {
    await assert.rejects(ActivityService.logActivity(entry), { name: 'CallboardError', message: /^url: is not known: call configure/ });
    assert.throws(() => configure({ url: 'board.example' }), { name: 'CallboardError', message: /^url: must be where the server is/ });
  });

  it('take the server from the environment', async (t) => {
    process.env['CALLBOARD_URL'] = 'http://board.example';
    process.env['CALLBOARD_TOKEN'] = 'secret';
    const { sent, fetch } = recorder();
    t.mock.method(globalThis, 'fetch', fetch);
    await ActivityService.logActivity(entry);
    assert.deepEqual(sent.map(({ url, authorization }) => [url, authorization]),
      [['http://board.example/api/v1/activity', 'Bearer secret']]);
  });

  it('take another server from then on', async () => {
    const { logActivity } = ActivityService;
    const [first, second] = [recorder(), recorder()];
    configure({ url: 'http://first.example', token: 'one', fetch: first.fetch });
    await logActivity(entry);
    configure({ url: 'http://second.example/', token: 'two', fetch: second.fetch });
    await logActivity(entry);
    await SocketService.broadcastMessage({ event: 'lit' });
    assert.deepEqual(first.sent.map(({ url }) => url), ['http://first.example/api/v1/activity']);
    assert.deepEqual(second.sent.map(({ url, authorization }) => [url, authorization]), [
      ['http://second.example/api/v1/activity', 'Bearer two'],
      ['http://second.example/api/v1/socket/broadcast', 'Bearer two'],
    ]);
  });

  it('tell the onError of now of a call that nobody waits for', async () => {
    const told = new Heard<string>((handler) => {
      configure({
        url: 'http://board.example', retry: false, fetch: async () => Response.json({ detail: 'you may not' }, { status: 403 }),
        onError: (error, call) => handler(`${call}: ${String(error)}`, 'live'),
      });
    });
    void PresenceService.trackViewer({ resourceType: 'set', resourceId: 7 });
    await told.find('the call', (text) => text === 'PresenceService.trackViewer: CallboardError: you may not');
  });

  it('send the IDs of users and resources that are numbers as text', async () => {
    const { sent, fetch } = recorder();
    configure({ url: 'http://board.example', fetch });
    await ActivityService.logActivity({ ...entry, userId: 42, resourceId: 7 });
    await NotificationService.create({ userId: 42, type: 'call', message: 'Now' });
    await NotificationService.create({ userId: [42, 'role:editor'], type: 'call', message: 'Now' });
    await PresenceService.trackViewer({ userId: 42, resourceType: 'set', resourceId: 7 });
    await PresenceService.removeViewer(42, 'set', 7);
    await SocketService.sendToUser(42, { event: 'now' });
    assert.deepEqual(sent.map(({ url, body }) => [new URL(url).pathname + new URL(url).search, (body as { user_id?: unknown } | undefined)?.user_id]), [
      ['/api/v1/activity', '42'],
      ['/api/v1/notifications', '42'],
      ['/api/v1/notifications', ['42', 'role:editor']],
      ['/api/v1/presence/viewers', '42'],
      ['/api/v1/presence/viewers?user_id=42&resource_type=set&resource_id=7', undefined],
      ['/api/v1/socket/notify-user/42', undefined],
    ]);
    await assert.rejects(ActivityService.logActivity({ ...entry, userId: NaN }), { message: /^userId: must be a whole number/ });
    await assert.rejects(NotificationService.create({ userId: [NaN], type: 'call', message: 'Now' }), { message: /^userId: must be/ });
    assert.equal(sent.length, 6);
  });
});
