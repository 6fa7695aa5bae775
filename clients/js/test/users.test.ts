import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';

import { createClient, type CallboardClient, type UserId } from '../src/index.js';
import { Server } from './server.js';
import { hear, hearOwn } from './wait.js';

const secret = 'a secret that an application shares with us';

/** A JWT as an application makes it for one of its users. */
function tokenOf(sub: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, name: `User ${sub}`, exp: Math.floor(Date.now() / 1000) + 3600 })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('users of an application', () => {
  let server: Server;
  let asService: CallboardClient;

  before(async () => {
    server = await Server.start({ JWT_SECRET: secret });
    const admin = await server.addUser('Ada', 'admin');
    asService = createClient({ url: server.url, token: await server.addToken(admin.email, '--service') });
  });
  after(() => server.stop());

  for (const userId of [42, 'auth0|abc', 'me@example.org', 'a/b c', '日本'] satisfies UserId[]) {
    it(`may be called ${userId}`, async () => {
      const text = String(userId);
      const cut = { resourceType: 'cut', resourceId: 7 };
      const user = createClient({ url: server.url, token: tokenOf(text) });
      const live = await user.SocketService.initialize();
      const notifications = hear(live, 'notification'), screenings = hearOwn(live, 'screening');
      const { id } = await asService.ActivityService.logActivity({ userId, action: 'approved_cut', ...cut });
      assert.deepEqual((await asService.ActivityService.findByUser(userId)).map((entry) => [entry.id, entry.userId]), [[id, text]]);
      await asService.NotificationService.create({ userId: [userId], type: 'cut_ready', message: 'Cut 7 is ready' });
      await asService.SocketService.sendToUser(userId, { event: 'screening' });
      await screenings.find('the message is heard');
      const { data } = await notifications.find('the notification is heard');
      assert.equal((await user.NotificationService.markAsRead(data.notification.id)).userId, text);
      const viewers = await asService.PresenceService.trackViewer({ userId, ...cut });
      assert.deepEqual(viewers.map((viewer) => [viewer.userId, viewer.name]), [[text, `User ${text}`]]);
      await asService.PresenceService.removeViewer(userId, 'cut', 7);
      assert.deepEqual(await user.PresenceService.getViewers('cut', 7), []);
      live.close();
    });
  }

  it('are reached by a number alone', async () => {
    const { id } = await asService.NotificationService.create({ userId: 43, type: 'cut_ready', message: 'Cut 7 is ready' });
    assert.ok(id);
  });
});
