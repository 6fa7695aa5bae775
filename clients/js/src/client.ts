import { ActivityService } from './activity.js';
import { bodyOf, createApi, type Api } from './api.js';
import { Auth } from './auth.js';
import { detachable, type OnError } from './call.js';
import { invalid } from './check.js';
import { CallboardError } from './error.js';
import { Files } from './files.js';
import { Jobs } from './jobs.js';
import { Live, type ConnectOptions, type WebSocketConstructor } from './live.js';
import { NotificationService } from './notification.js';
import { PresenceService } from './presence.js';
import { SocketService } from './socket.js';
import type { Token } from './transport.js';

export interface ClientOptions {
  /** Where the server is: "https://board.example". */
  url: string;
  /** An API token or a JWT, or a function that returns the one to use now. Without one the session cookie counts. */
  token?: Token | undefined;
  /** "include" sends the session cookie to another origin too. Default: same-origin. */
  credentials?: RequestCredentials | undefined;
  /** How long one attempt of a request may take, in milliseconds; 0: without end. Uploads have no limit. Default: 10,000. */
  timeout?: number | undefined;
  /**
   * How long a POST or GET is sent again when no answer came, or 502, 503 or 504, in milliseconds. The Idempotency-Key stays the
   * same, so nothing is carried out twice. Default: 15,000; false or 0: never.
   */
  retry?: boolean | number | undefined;
  /** Told of calls that failed while nobody waited for them. Default: a line on console.error. */
  onError?: OnError | undefined;
  /** Where the sockets are: "wss://sockets.example". Default: where the server says, such as on its SOCKET_PORT. */
  socketUrl?: string | undefined;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Default: the global one, or else that of the package ws. */
  websocket?: WebSocketConstructor | undefined;
}

/** A client of one server. It holds no connection until `connect` or `SocketService.initialize`. */
export class Callboard {
  readonly ActivityService: ActivityService;
  readonly NotificationService: NotificationService;
  readonly PresenceService: PresenceService;
  readonly SocketService: SocketService;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly auth: Auth;
  /** The typed client of all routes of the server. */
  readonly api: Api;
  readonly #options: ClientOptions;
  readonly #url: string;
  #live: Live | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#url = baseUrl(options?.url);
    this.api = createApi({ ...options, url: this.#url });
    const { onError } = options;
    this.ActivityService = detachable('ActivityService', new ActivityService(this.api), onError);
    this.NotificationService = detachable('NotificationService', new NotificationService(this.api), onError);
    this.PresenceService = detachable('PresenceService', new PresenceService(this.api), onError);
    this.SocketService = detachable('SocketService', new SocketService(this.api, this.connect), onError);
    this.jobs = detachable('jobs', new Jobs(this.api, this.connect), onError);
    this.files = detachable('files', new Files(this.api, this.#url), onError);
    this.auth = detachable('auth', new Auth(this.api), onError);
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

function baseUrl(url: unknown): string {
  if (typeof url !== 'string' || !/^https?:\/\/./.test(url) || !URL.canParse(url)) {
    throw invalid('url', 'must be where the server is, such as https://board.example');
  }
  return url.replace(/\/+$/, '');
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
