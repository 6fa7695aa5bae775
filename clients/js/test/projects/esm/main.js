import { createRequire } from 'node:module';

import { ActivityService, Callboard, configure, SocketService } from 'callboard';

const options = { url: process.env.CALLBOARD_URL, token: process.env.CALLBOARD_TOKEN };
delete process.env.CALLBOARD_URL;

// Both builds in one program are configured at once.
const required = createRequire(import.meta.url)('callboard');
configure(options);
await required.ActivityService.logActivity({ action: 'required', resourceType: 'project', resourceId: 'esm' });
await ActivityService.logActivity({ action: 'imported', resourceType: 'project', resourceId: 'esm' });

const live = await SocketService.initialize();
const heard = new Promise((resolve) => live.on('built', (message) => resolve(message.data)));
await new Callboard(options).SocketService.broadcastMessage({ event: 'built', data: { project: 'esm' } });
const entries = await ActivityService.findByResource('project', 'esm');
console.log(JSON.stringify({ heard: await heard, entries: entries.map((entry) => entry.action) }));
live.close();
