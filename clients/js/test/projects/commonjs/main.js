const http = require('node:http');

const controller = require('./controllers/cutController');
const ActivityService = require('./services/ActivityService');
const NotificationService = require('./services/NotificationService');
const PresenceService = require('./services/PresenceService');
const SocketService = require('./services/SocketService');

const userId = process.env.USER_ID;

/** Calls a handler as Express does, and resolves to what it answers. */
const answer = (handler, req) => new Promise((resolve) => {
  const res = { status: () => res, json: resolve };
  handler({ user: { id: userId }, ...req }, res);
});

async function main() {
  const server = http.createServer();
  const live = await SocketService.initialize(server);
  const heard = new Promise((resolve) => live.on('episode_created', (message) => resolve(message.data)));
  const created = new Promise((resolve) => live.on('cut_created', (message) => resolve(message.data)));

  const cut = await answer(controller.create, { body: { title: 'Rough cut' } });
  await ActivityService.bulkLogActivity([
    { userId, action: 'opened', resourceType: 'reel', resourceId: 7 },
    { userId, action: 'closed', resourceType: 'reel', resourceId: 7 },
  ]);
  await ActivityService.logActivity({ userId, action: 'reviewed', resourceType: 'reel', resourceId: 7, metadata: { note: 'fine' } });
  const byResource = await ActivityService.findByResource('reel', 7);
  const byUser = await ActivityService.findByUser(userId, { limit: 10 });

  await NotificationService.create({ userId, message: 'The reel was reviewed', type: 'reel_reviewed', data: { reelId: 7 } });

  await PresenceService.trackViewer({ userId, resourceType: 'reel', resourceId: 7 });
  const viewers = await PresenceService.getViewers('reel', 7, { cacheTTL: 5000 });
  await PresenceService.removeViewer(userId, 'reel', 7);
  const left = await PresenceService.getViewers('reel', 7);

  await SocketService.broadcastMessage({ event: 'episode_created', data: { episodeId: 7 }, timestamp: new Date() });
  await SocketService.sendToUser(userId, { event: 'episode_updated', data: { episodeId: 7, title: 'Pilot' } });
  await SocketService.sendToRoom('editing', { event: 'episode_updated', data: { episodeId: 7 } });

  console.log(JSON.stringify({
    cut,
    created: await created,
    heard: await heard,
    byResource: byResource.map((entry) => entry.action),
    byUser: byUser.filter((entry) => entry.resourceType === 'reel').map((entry) => entry.action),
    viewers: viewers.map((viewer) => viewer.userId),
    left,
  }));
  live.close();
}

main();
