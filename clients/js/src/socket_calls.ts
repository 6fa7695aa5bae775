import { bodyOf, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { checkObject, segment, timeText, userText, type UserId } from './check.js';

export interface SocketMessage {
  /**
   * Your own name for what happened; 1–64 of letters, digits, _ - . It may be that of an event: then those who listen to it hear
   * the message, with `direct` set. The names that `live.on` gives to other things are refused: see the README.
   */
  event: string;
  /** At most 64 KB of JSON. */
  data?: Record<string, unknown> | undefined;
  /** When it happened, within the last 24 hours; text is RFC 3339, a number milliseconds. Default: now. */
  timestamp?: Date | string | number | undefined;
  /** True: only for those who are connected now, without a position and without catching up. */
  ephemeral?: boolean | undefined;
}

/** Sends messages over REST. */
export class SocketCalls {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Sends a message to every connected client. Resolves once it is durable. Needs the admin role or a service token. */
  async broadcastMessage(message: SocketMessage, options: CallOptions = {}): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/socket/broadcast', { body: wireOf(message), ...initOf(options) }));
    return data;
  }

  /** Sends a message to all sockets of a user. Otherwise like broadcastMessage. */
  async sendToUser(userId: UserId, message: SocketMessage, options: CallOptions = {}): Promise<{ id: string }> {
    const init = { params: { path: { id: segment('userId', userText(userId)) } }, body: wireOf(message), ...initOf(options) };
    return (await bodyOf(this.#api.POST('/api/v1/socket/notify-user/{id}', init), 'userId')).data;
  }

  /** Sends a message to all who subscribed to the room. Otherwise like broadcastMessage. */
  async sendToRoom(room: string, message: SocketMessage, options: CallOptions = {}): Promise<{ id: string }> {
    const init = { params: { path: { room: segment('room', room) } }, body: wireOf(message), ...initOf(options) };
    return (await bodyOf(this.#api.POST('/api/v1/socket/notify-room/{room}', init))).data;
  }
}

function wireOf(message: SocketMessage): Schemas['RealtimeCallBody'] {
  checkObject('message', message);
  return {
    event: message.event,
    ...(message.data !== undefined && { data: message.data }),
    ...(message.timestamp !== undefined && { timestamp: timeText('timestamp', message.timestamp) }),
    ...(message.ephemeral !== undefined && { ephemeral: message.ephemeral }),
  };
}
