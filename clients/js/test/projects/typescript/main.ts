import { ActivityService, Callboard, CallboardError, channels, RestClient } from 'callboard';
import type { Activity, ActivityInput, EventPayloads, Message, Viewer } from 'callboard';

declare const console: { log(text: string): void };
declare const process: { env: Record<'CALLBOARD_URL' | 'CALLBOARD_TOKEN', string> };

const options = { url: process.env.CALLBOARD_URL, token: process.env.CALLBOARD_TOKEN };
const callboard = new Callboard(options);
const rest = new RestClient(options);

const input: ActivityInput = { action: 'built', resourceType: 'project', resourceId: 'typescript', metadata: { strict: true } };
const { id }: { id: string } = await ActivityService.logActivity(input);
const entries: Activity[] = await ActivityService.findByResource('project', 'typescript');
const viewers: Viewer[] = await rest.PresenceService.getViewers('project', 'typescript', { cacheTTL: 1000 });

const live = await callboard.SocketService.initialize();
const heard = new Promise<unknown>((resolve) => live.on('built', (message: Message) => resolve(message.data)));
live.on('episode_created', (message) => {
  const data: EventPayloads['episode_created'] = message.data;
  return data;
});
await live.subscribe(channels.room('edit'));
await rest.SocketService.broadcastMessage({ event: 'built', data: { project: 'typescript' } });

const { data, error, response } = await rest.api.GET('/api/v1/episodes', { params: { query: { status: ['draft'] } } });
const titles: string[] = data?.data.map((episode) => episode.title) ?? [error?.detail ?? ''];
// @ts-expect-error: there is no such route
void rest.api.GET('/api/v1/nowhere').catch(() => undefined);
// @ts-expect-error: a body is needed
void rest.api.POST('/api/v1/episodes').catch(() => undefined);
// @ts-expect-error: without a connection there is nothing to initialize
void rest.SocketService.initialize;
// @ts-expect-error: nobody is named by an object
void ActivityService.findByUser({}).catch((reason: unknown) => reason instanceof CallboardError && reason.status);

console.log(JSON.stringify({ found: entries.some((entry) => entry.id === id), viewers, titles, status: response.status, heard: await heard }));
live.close();
