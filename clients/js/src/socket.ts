import type { Api, CallOptions } from './api.js';
import type { ConnectOptions, Live } from './live.js';
import { SocketCalls } from './socket_calls.js';
import { unlessAborted } from './wait.js';

/** An HTTP server. */
export interface Listener {
  listen: (...args: never[]) => unknown;
}

/** Sends messages, and listens over the client's connection. */
export class SocketService extends SocketCalls {
  readonly #connect: (options?: ConnectOptions) => Live;

  constructor(api: Api, connect: (options?: ConnectOptions) => Live) {
    super(api);
    this.#connect = connect;
  }

  /**
   * Connects, or attaches to the connection that there is, and resolves to it before the first durable message is delivered: what
   * is registered right after `await` hears everything. The signal ends the waiting; `close` ends the connection. An HTTP server
   * may be passed, and changes nothing: the sockets of users are at the Callboard server.
   */
  async initialize(options?: (ConnectOptions & CallOptions) | Listener): Promise<Live> {
    const own = isListener(options) ? undefined : options;
    const live = this.#connect(own);
    await unlessAborted(live.ready, own?.signal);
    return live;
  }
}

function isListener(value: object | undefined): value is Listener {
  return typeof (value as Partial<Listener> | undefined)?.listen === 'function';
}
