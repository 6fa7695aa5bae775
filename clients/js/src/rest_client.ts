import { ActivityService } from './activity.js';
import { createApi, type Api } from './api.js';
import { Auth } from './auth.js';
import { detachable, type OnError } from './call.js';
import { baseUrl } from './check.js';
import { Files } from './files.js';
import { Imports } from './imports.js';
import { JobCalls } from './job_calls.js';
import { NotificationService } from './notification.js';
import { PresenceService } from './presence.js';
import { SocketCalls } from './socket_calls.js';
import type { Token } from './transport.js';
import type * as web from './web.js';

export interface RestOptions {
  /** Where the server is: "https://board.example". */
  url: string;
  /** An API token or a JWT, or a function that returns the one to use now. Without one the session cookie counts. */
  token?: Token | undefined;
  /** "include" sends the session cookie to another origin too. Default: same-origin. */
  credentials?: 'include' | 'omit' | 'same-origin' | undefined;
  /** How long one attempt of a request may take, in milliseconds; 0: without end. Uploads have no limit. Default: 10,000. */
  timeout?: number | undefined;
  /**
   * How long a POST or GET is sent again when no answer came, or 502, 503 or 504, in milliseconds. The Idempotency-Key stays the
   * same, so nothing is carried out twice. Default: 15,000; false or 0: never.
   */
  retry?: boolean | number | undefined;
  /** Told of calls that failed while nobody waited for them. Default: a line on console.error. */
  onError?: OnError | undefined;
  /** Default: the global one. */
  fetch?: web.Fetch | undefined;
}

/** A client of one server that calls and does not listen: without the part that connects, which is most of a bundle. */
export class RestClient {
  readonly ActivityService: ActivityService;
  readonly NotificationService: NotificationService;
  readonly PresenceService: PresenceService;
  readonly SocketService: SocketCalls;
  readonly jobs: JobCalls;
  readonly files: Files;
  readonly imports: Imports;
  readonly auth: Auth;
  /** The typed client of all routes of the server. */
  readonly api: Api;

  constructor(options: RestOptions) {
    this.api = createApi(options);
    const { onError } = options;
    this.ActivityService = detachable('ActivityService', new ActivityService(this.api), onError);
    this.NotificationService = detachable('NotificationService', new NotificationService(this.api), onError);
    this.PresenceService = detachable('PresenceService', new PresenceService(this.api), onError);
    this.SocketService = detachable('SocketService', new SocketCalls(this.api), onError);
    this.jobs = detachable('jobs', new JobCalls(this.api), onError);
    this.files = detachable('files', new Files(this.api, baseUrl(options.url)), onError);
    this.imports = detachable('imports', new Imports(this.api), onError);
    this.auth = detachable('auth', new Auth(this.api), onError);
  }
}
