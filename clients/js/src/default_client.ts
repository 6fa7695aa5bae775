import { ActivityService as Activities } from './activity.js';
import { createApi, type Api } from './api.js';
import { detachable, log, type OnError } from './call.js';
import { baseUrl, invalid } from './check.js';
import { Callboard, type ClientOptions } from './client.js';
import { NotificationService as Notifications } from './notification.js';
import { PresenceService as Presence } from './presence.js';
import { SocketService as Sockets } from './socket.js';

// The four services of the one client that most applications need, for modules that import a service and know of no client.
// What is not used of it is left out of a bundle: nothing here has an effect when it is loaded.

/** The options are kept where both builds of the package find them: a program may load one with import and one with require. */
const shared = globalThis as { [place: symbol]: ClientOptions | undefined };
const place = (): symbol => Symbol.for('callboard.options');

/**
 * Says where the server is, for the services that this package exports. Without it CALLBOARD_URL and CALLBOARD_TOKEN of the
 * environment count, from the first call on. Calling it again changes both for later calls, and leaves a connection as it is.
 */
export function configure(options: ClientOptions): void {
  baseUrl(options?.url);
  shared[place()] = { ...options };
}

function configured(): ClientOptions {
  const options = shared[place()] ?? fromEnvironment();
  shared[place()] = options;
  return options;
}

function fromEnvironment(): ClientOptions {
  const env = (globalThis.process as { env?: Record<string, string | undefined> } | undefined)?.env;
  if (!env?.['CALLBOARD_URL']) {
    throw invalid('url', 'is not known: call configure({ url, token }), or set CALLBOARD_URL and CALLBOARD_TOKEN');
  }
  return { url: env['CALLBOARD_URL'], token: env['CALLBOARD_TOKEN'] };
}

/** Returns a function that makes something of the options, and makes it anew when they were changed. */
function madeOf<T>(make: (options: ClientOptions) => T): () => T {
  let made: { options: ClientOptions; value: T } | undefined;
  return () => {
    const options = configured();
    if (made?.options !== options) {
      made = { options, value: make(options) };
    }
    return made.value;
  };
}

const currentApi = /*#__PURE__*/ madeOf(createApi);
const current = /*#__PURE__*/ madeOf((options) => new Callboard(options));

/** The calls of the server that is configured when they are made. */
const api: Api = {
  get GET() {
    return currentApi().GET;
  },
  get PUT() {
    return currentApi().PUT;
  },
  get POST() {
    return currentApi().POST;
  },
  get PATCH() {
    return currentApi().PATCH;
  },
  get DELETE() {
    return currentApi().DELETE;
  },
};

const onError: OnError = (error, call) => (shared[place()]?.onError ?? log)(error, call);

export type ActivityService = Activities;
export const ActivityService: Activities =
  /*#__PURE__*/ detachable('ActivityService', /*#__PURE__*/ new Activities(api), onError);

export type NotificationService = Notifications;
export const NotificationService: Notifications =
  /*#__PURE__*/ detachable('NotificationService', /*#__PURE__*/ new Notifications(api), onError);

export type PresenceService = Presence;
export const PresenceService: Presence =
  /*#__PURE__*/ detachable('PresenceService', /*#__PURE__*/ new Presence(api), onError);

export type SocketService = Sockets;
export const SocketService: Sockets =
  /*#__PURE__*/ detachable('SocketService', /*#__PURE__*/ new Sockets(api, (options) => current().connect(options)), onError);
