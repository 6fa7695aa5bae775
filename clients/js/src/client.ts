import { ActivityService } from './activity.js';
import { createApi, type Api } from './api.js';
import { Auth } from './auth.js';
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
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Default: the global one, or else that of the package ws. */
  websocket?: WebSocketConstructor | undefined;
  /** Where the sockets are, when SOCKET_PORT gives them a listener of their own: "wss://board.example:8081". */
  socketUrl?: string | undefined;
  /** "include" sends the session cookie to another origin too. Default: same-origin. */
  credentials?: RequestCredentials | undefined;
  /** False: a POST or GET without an answer is not sent again. Default: once, with the same Idempotency-Key. */
  retry?: boolean | undefined;
}

export interface CallboardClient {
  readonly ActivityService: ActivityService;
  readonly NotificationService: NotificationService;
  readonly PresenceService: PresenceService;
  readonly SocketService: SocketService;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly auth: Auth;
  /** The typed client of all routes of the server. */
  readonly api: Api;
  /** Connects, or returns the connection that there is. */
  connect(options?: ConnectOptions): Live;
}

/** Returns a client of one server. It holds no connection until `connect` or `SocketService.initialize`. */
export function createClient(options: ClientOptions): CallboardClient {
  const url = options.url.replace(/\/+$/, '');
  const api = createApi({ ...options, url });
  const socketUrl = websocketUrl(options.socketUrl ?? url);
  let live: Live | undefined;
  const connect = (connectOptions: ConnectOptions = {}): Live => {
    if (!live || live.ended) {
      const { token, websocket } = options;
      live = new Live({ ...connectOptions, api, url: socketUrl, token, websocket });
    }
    return live;
  };
  return {
    ActivityService: new ActivityService(api),
    NotificationService: new NotificationService(api),
    PresenceService: new PresenceService(api),
    SocketService: new SocketService(api, connect),
    jobs: new Jobs(api, connect),
    files: new Files(api, url),
    auth: new Auth(api),
    api,
    connect,
  };
}

/** "https://board.example" → "wss://board.example/connection/websocket". */
function websocketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/connection/websocket`;
}
