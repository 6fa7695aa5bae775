import { bodyOf, type Api, type Schemas } from './api.js';
import type { ConnectOptions, Live } from './live.js';

export interface SocketMessage {
  /**
   * Your own name for what happened; 1–64 of letters, digits, _ - . Names of the catalog are for rooms only, where their
   * data is your own. The names that `live.on` gives to other things are refused: see the README.
   */
  event: string;
  /** At most 64 KB of JSON. */
  data?: Record<string, unknown> | undefined;
  /** When it happened, within the last 24 hours; text is RFC 3339, a number milliseconds. Default: now. */
  timestamp?: Date | string | number | undefined;
  /** True: only for those who are connected now, without a position and without catching up. */
  ephemeral?: boolean | undefined;
}

export class SocketService {
  readonly #api: Api;
  readonly #connect: (options?: ConnectOptions) => Live;

  constructor(api: Api, connect: (options?: ConnectOptions) => Live) {
    this.#api = api;
    this.#connect = connect;
  }

  /** Connects, or attaches to the connection that there is, and resolves to it once messages are about to come. */
  async initialize(options?: ConnectOptions): Promise<Live> {
    const live = this.#connect(options);
    await live.ready;
    return live;
  }

  /** Sends a message to every connected client. Resolves once it is durable. Needs the admin role or a service token. */
  async broadcastMessage(message: SocketMessage): Promise<{ id: string }> {
    const { data } = await bodyOf(this.#api.POST('/api/v1/socket/broadcast', { body: wireOf(message) }));
    return data;
  }

  /** Sends a message to all sockets of a user. Otherwise like broadcastMessage. */
  async sendToUser(userId: string, message: SocketMessage): Promise<{ id: string }> {
    const params = { path: { id: userId } };
    const body = wireOf(message);
    const { data } = await bodyOf(this.#api.POST('/api/v1/socket/notify-user/{id}', { params, body }));
    return data;
  }

  /** Sends a message to all who subscribed to the room. Otherwise like broadcastMessage. */
  async sendToRoom(room: string, message: SocketMessage): Promise<{ id: string }> {
    const params = { path: { room } };
    const body = wireOf(message);
    const { data } = await bodyOf(this.#api.POST('/api/v1/socket/notify-room/{room}', { params, body }));
    return data;
  }
}

function wireOf(message: SocketMessage): Schemas['RealtimeCallBody'] {
  return {
    event: message.event,
    ...(message.data !== undefined && { data: message.data }),
    ...(message.timestamp !== undefined && { timestamp: rfc3339(message.timestamp) }),
    ...(message.ephemeral !== undefined && { ephemeral: message.ephemeral }),
  };
}

/** Text is passed on as it is: the server says what is wrong with it. */
function rfc3339(time: Date | string | number): string {
  return typeof time === 'string' ? time : new Date(time).toISOString();
}
