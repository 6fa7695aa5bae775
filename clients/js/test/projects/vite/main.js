import { Callboard } from 'callboard';

const { VITE_URL: url, VITE_TOKEN: token } = import.meta.env;
const callboard = new Callboard({ url, token });

const { id } = await callboard.ActivityService.logActivity({ action: 'built', resourceType: 'project', resourceId: 'vite' });
const entries = await callboard.ActivityService.findByResource('project', 'vite');
const live = await callboard.SocketService.initialize();
const heard = new Promise((resolve) => live.on('built', (message) => resolve(message.data)));
await callboard.SocketService.broadcastMessage({ event: 'built', data: { project: 'vite' } });
console.log(JSON.stringify({ found: entries.some((entry) => entry.id === id), heard: await heard }));
live.close();
