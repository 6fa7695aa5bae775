import { bodyOf } from './api.js';
import { detachable } from './call.js';
import { baseUrl, invalid } from './check.js';
import { CallboardError } from './error.js';
import { Jobs } from './jobs.js';
import { Live, type ConnectOptions, type WebSocketConstructor } from './live.js';
import { RestClient, type RestOptions } from './rest_client.js';
import { SocketService } from './socket.js';

export interface ClientOptions extends RestOptions {
  /** Where the sockets are: "wss://sockets.example". Default: where the server says, such as on its SOCKET_PORT. */
  socketUrl?: string | undefined;
  /** Default: the global one, or else that of the package ws. */
  websocket?: WebSocketConstructor | undefined;
}

/** A client of one server. It holds no connection until `connect` or `SocketService.initialize`. */
export class Callboard extends RestClient {
  override readonly SocketService: SocketService;
  override readonly jobs: Jobs;
  readonly #options: ClientOptions;
  readonly #url: string;
  #live: Live | undefined;

  constructor(options: ClientOptions) {
    super(options);
    this.#options = options;
    this.#url = baseUrl(options.url);
    this.SocketService = detachable('SocketService', new SocketService(this.api, this.connect), options.onError);
    this.jobs = detachable('jobs', new Jobs(this.api, this.connect), options.onError);
  }

  /** Connects, or returns the connection that there is; then the options don't count. */
  readonly connect = (options?: ConnectOptions): Live => {
    if (!this.#live || this.#live.ended) {
      const { token, websocket, onError } = this.#options;
      const locate = (signal: AbortSignal): Promise<string> => this.#locate(signal);
      this.#live = new Live({ after: positionOf(options?.after), api: this.api, locate, token, websocket, onError });
    }
    return this.#live;
  };

  /** Returns where the sockets are. A server that does not say has them where the rest is. */
  async #locate(signal: AbortSignal): Promise<string> {
    if (this.#options.socketUrl !== undefined) {
      return websocketUrl(this.#options.socketUrl);
    }
    try {
      const { url, port } = (await bodyOf(this.api.GET('/api/v1/socket/address', { signal }))).data;
      const own = new URL(this.#url);
      own.port = String(port);
      return websocketUrl(url || (port ? own.origin : this.#url));
    } catch (error) {
      if (error instanceof CallboardError && error.status > 0 && error.status < 500) {
        return websocketUrl(this.#url);
      }
      throw error;
    }
  }
}

export type CallboardClient = Callboard;

/** Returns `new Callboard(options)`. */
export function createClient(options: ClientOptions): Callboard {
  return new Callboard(options);
}

/** Returns a position, which may have been kept as text. */
function positionOf(after: unknown): number | undefined {
  if (after === undefined || after === null) {
    return undefined;
  }
  if (!/^\d{1,15}$/.test(String(after))) {
    throw invalid('after', 'must be a position');
  }
  return Number(after);
}

/** "https://board.example" → "wss://board.example/connection/websocket". */
function websocketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/connection/websocket`;
}
