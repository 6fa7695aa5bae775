import type { Schemas } from './api.js';
import type { ResourceId } from './check.js';
import type { ApplicationEvents } from './index.js';
import type { EventPayloads } from './schema.gen.js';

/**
 * A live message. `pos` is its position; ephemeral messages have none. `data` is as in the server's catalog, unless `direct` is
 * true: then somebody sent the message by a socket call, and its name and data are the sender's own.
 */
export type Message<P = unknown> = Omit<Schemas['Message'], 'data'> & { data: P };

/** Data of the message "notification": an entry of the inbox that is new or was added to. */
export interface NotificationPush {
  notification: Schemas['Notification'];
  unread_count: number;
}

/** Where a message came from: a socket, or the server's record of what was missed. */
export type Source = 'live' | 'catch-up';

export interface Disconnected {
  code: number;
  reason: string;
  /** False when the connection does not come back by itself: the credential does not hold, an admin ended it, or close(). */
  reconnecting: boolean;
}

/** What goes with each name that `on` takes, beside those of an application's own events that ApplicationEvents does not have. */
export type LiveEvents = { [K in keyof EventPayloads]: Message<EventPayloads[K]> } & {
  [K in keyof ApplicationEvents]: Message<ApplicationEvents[K]>;
} & {
  /** Every event, of the catalog and of applications: durable ones in the order of their positions. */
  event: Message;
  notification: Message<NotificationPush>;
  unread_count: Message<Schemas['NotificationUnreadData']>;
  /** The list of viewers, on a viewers channel. */
  viewers: Message<Schemas['PresenceViewerList']>;
  connected: { clientId: string };
  disconnected: Disconnected;
  /** A channel is heard, for the first time or again. Recovered: what it carried meanwhile comes now. */
  subscribed: { channel: string; recovered: boolean };
  /** The server no longer lets us listen to a channel. */
  unsubscribed: { channel: string; code: number; reason: string };
  /** Messages after this position may have been missed; they are being fetched. */
  gap: { after: number };
  /** Nothing up to this position is missing any more. */
  'caught-up': { pos: number };
  /** What was missed is no longer kept. Read your lists anew; events go on after pos. */
  reset: { after: number; pos: number };
  error: Error;
};

/** Names of messages that are not events: they have no place in the order of events. */
const besideEvents: ReadonlySet<string> = new Set(['notification', 'unread_count', 'viewers']);

/** Names that are told of the connection; an application's event of such a name is heard as 'event' only. */
const lifecycle: ReadonlySet<string> = new Set([
  'event', 'connected', 'disconnected', 'subscribed', 'unsubscribed', 'gap', 'caught-up', 'reset', 'error',
]);

/** Returns the names under which a message is told. */
export function namesOf(message: Message): string[] {
  if (besideEvents.has(message.event)) {
    return [message.event];
  }
  return lifecycle.has(message.event) ? ['event'] : ['event', message.event];
}

/** Returns the message that a channel carried; undefined when it is none. */
export function parseMessage(data: unknown): Message | undefined {
  if (typeof data !== 'object' || data === null) {
    return undefined;
  }
  const { id, event } = data as Partial<Message>;
  return typeof id === 'string' && typeof event === 'string' ? (data as Message) : undefined;
}

/** Channels that a client can subscribe to. */
export const channels = {
  /** What happens to one resource. */
  resource: (type: string, id: ResourceId): string => `${type}:${id}`,
  room: (name: string): string => `room:${name}`,
  /** The live list of who looks at a resource; subscribing counts as looking. */
  viewers: (type: string, id: ResourceId): string => `viewers:${type}:${id}`,
} as const;
