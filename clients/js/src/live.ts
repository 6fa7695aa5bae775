import type { Centrifuge, Subscription, SubscriptionState } from 'centrifuge';

import { bodyOf, type Api } from './api.js';
import { mayBeLeft, type OnError } from './call.js';
import { Claims } from './claims.js';
import { Emitter } from './emitter.js';
import { CallboardError } from './error.js';
import { namesOf, parseMessage, type Message } from './message.js';
import { Missed } from './missed.js';
import { Sync } from './sync.js';
import { Timeline } from './timeline.js';
import type { Token } from './transport.js';
import { wait } from './wait.js';
import type * as web from './web.js';

/** A constructor of sockets, such as the browser's or that of the package ws. */
export type WebSocketConstructor = new (url: string) => unknown;

export interface ConnectOptions {
  /**
   * Begin after this position, from an earlier `live.position`: what came since is delivered first, right after `ready`. Default:
   * now.
   */
  after?: number | undefined;
}

export interface LiveConfig extends ConnectOptions {
  api: Api;
  /** Finds out where the sockets are. */
  locate: (signal: web.AbortSignal) => Promise<string>;
  token?: Token | undefined;
  websocket?: WebSocketConstructor | undefined;
  onError?: OnError | undefined;
}

export interface SubscribeOptions {
  /** On a viewers channel: false to watch the list without being on it. Default: true. */
  track?: boolean | undefined;
}

/** How long a reconnect waits for the subscriptions to come back before it goes on without the rest, in milliseconds. */
const settleTime = 2000;

/** How long the search for the sockets waits before it is tried again, in milliseconds: at first, and at most. */
const minBackoff = 500;
const maxBackoff = 20_000;

/** Codes of the server: see realtime's list. */
const rightsChanged = 4001;
const clientCalled = 0;

/**
 * A connection. It reconnects by itself, delivers each message once, durable events in the order of their positions, and
 * fetches what it missed.
 */
export class Live {
  /**
   * Resolves when messages are about to come; rejects when the server does not let us in. What has a position is delivered later
   * than the handlers of this promise run, so that what they register hears everything.
   */
  readonly ready: Promise<void>;
  /** Adds a handler for a name of LiveEvents or of an application's own event. Returns the function that removes it. */
  readonly on: Emitter['on'];
  readonly #config: LiveConfig;
  readonly #events = new Emitter();
  readonly #timeline: Timeline;
  readonly #sync: Sync;
  readonly #claims = new Claims();
  readonly #started: Promise<Centrifuge | undefined>;
  #centrifuge: Centrifuge | undefined;
  readonly #over = new AbortController();
  #connected = false;
  #resolveReady: () => void = () => undefined;
  #rejectReady: (reason: Error) => void = () => undefined;

  constructor(config: LiveConfig) {
    this.#config = config;
    this.on = this.#events.on.bind(this.#events);
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.ready.catch(() => undefined); // not everybody waits for it
    this.#timeline = new Timeline((message, source) => {
      namesOf(message).forEach((name) => this.#events.tell(name, message, source));
      if (message.event === 'notification') {
        this.#sync.notified(message.pos ?? 0);
      }
    });
    this.#sync = new Sync({
      missed: new Missed(config.api),
      timeline: this.#timeline,
      events: this.#events,
      after: config.after,
      settled: () => this.#settled(),
      ready: () => this.#resolveReady(),
    });
    this.#started = this.#start();
  }

  /**
   * The position up to which everything was delivered that this connection listens to, a second after it came: until then something older may
   * be on its way. Undefined before `ready`.
   */
  get position(): number | undefined {
    return this.#timeline.settled;
  }

  /** Whether the connection is over for good. */
  get ended(): boolean {
    return this.#over.signal.aborted;
  }

  /**
   * Listens to a channel of `channels` as well. Resolves once the server has agreed, on a viewers channel to the list as it
   * is now. Rejects with status 403 or 404 when the channel may not be heard. It may be left alone; repeats change nothing.
   */
  subscribe(channel: string, options: SubscribeOptions = {}): Promise<{ data: unknown }> {
    return mayBeLeft(this.#subscribe(channel, this, options), 'live.subscribe', this.#config.onError);
  }

  /**
   * Listens to a channel for as long as it is needed: until the function that it resolves to is called. The subscription
   * stays when somebody else needs it too.
   */
  async hold(channel: string): Promise<() => void> {
    const holder = {};
    await this.#subscribe(channel, holder, {});
    return () => this.#leave(channel, holder);
  }

  async #subscribe(channel: string, holder: object, options: SubscribeOptions): Promise<{ data: unknown }> {
    const centrifuge = await this.#started;
    if (!centrifuge || this.ended) {
      throw new CallboardError(0, 'the connection is closed');
    }
    this.#claims.add(channel, holder);
    const subscription = centrifuge.getSubscription(channel) ?? this.#newSubscription(centrifuge, channel, options);
    return new Promise((resolve, reject) => {
      if (stateOf(subscription) === 'subscribed') {
        resolve({ data: undefined });
        return;
      }
      subscription.once('subscribed', (context) => resolve({ data: context.data as unknown }));
      subscription.once('unsubscribed', (context) => reject(refusal(context.code, context.reason)));
      subscription.subscribe();
    });
  }

  /** Listens to a channel no longer. On a viewers channel the user leaves a few seconds later. */
  unsubscribe(channel: string): void {
    this.#leave(channel, this);
  }

  /** Whether a channel is heard now. */
  subscribed(channel: string): boolean {
    return stateOf(this.#centrifuge?.getSubscription(channel)) === 'subscribed';
  }

  #leave(channel: string, holder: object): void {
    if (this.#claims.remove(channel, holder)) {
      this.#centrifuge?.getSubscription(channel)?.unsubscribe();
    }
  }

  /** Ends the connection for good. */
  close(): void {
    if (this.#centrifuge) {
      this.#centrifuge.disconnect();
    } else {
      this.#end(clientCalled, 'closed');
    }
  }

  async #start(): Promise<Centrifuge | undefined> {
    try {
      const websocket = this.#config.websocket ?? globalThis.WebSocket ?? (await import('ws')).WebSocket;
      const found = await this.#find();
      if (found && !this.ended) {
        this.#centrifuge = this.#create(new found.Centrifuge(found.url, { websocket, name: 'callboard-js', ...this.#credential() }));
        this.#centrifuge.connect();
      }
    } catch (cause) {
      this.#end(clientCalled, 'no WebSocket: pass one as websocket, or install ws');
      this.#events.emit('error', new Error('no WebSocket', { cause }));
    }
    return this.#centrifuge;
  }

  /**
   * Tries until it is known where the sockets are, and what speaks with them is loaded; undefined when the connection was closed.
   * The library is loaded here, since whoever only calls does not need its 27 KB.
   */
  async #find(): Promise<{ url: string; Centrifuge: typeof Centrifuge } | undefined> {
    for (let failures = 0; !this.ended; failures++) {
      try {
        const [url, { Centrifuge }] = await Promise.all([this.#config.locate(this.#over.signal), import('centrifuge')]);
        return { url, Centrifuge };
      } catch (error) {
        if (!this.ended) {
          this.#events.emit('error', error instanceof Error ? error : new Error(String(error)));
        }
        await wait(Math.min(minBackoff * 2 ** failures, maxBackoff) * (0.5 + Math.random() / 2), this.#over.signal);
      }
    }
    return undefined;
  }

  #create(centrifuge: Centrifuge): Centrifuge {
    centrifuge.on('connecting', ({ code, reason }) => {
      if (code === rightsChanged && typeof this.#config.token !== 'string') {
        centrifuge.setToken(''); // the old one may hold rights that are gone
      }
      this.#lost(code, reason);
    });
    centrifuge.on('connected', ({ client }) => {
      this.#connected = true;
      this.#events.emit('connected', { clientId: client });
      this.#sync.connected();
    });
    centrifuge.on('disconnected', ({ code, reason }) => this.#end(code, reason));
    centrifuge.on('subscribed', ({ channel, recovered }) => this.#sync.heard(channel, recovered));
    centrifuge.on('publication', ({ data }) => this.#receive(data));
    centrifuge.on('error', ({ error }) => this.#events.emit('error', new CallboardError(0, error.message)));
    return centrifuge;
  }

  #credential(): { token: string } | { getToken: () => Promise<string> } {
    const { token } = this.#config;
    if (typeof token === 'string') {
      return { token };
    }
    return { getToken: token ? async () => token() : () => this.#socketToken() };
  }

  /** Gets a short-lived token for a session, whose cookie sockets to another origin would not carry. */
  async #socketToken(): Promise<string> {
    try {
      return (await bodyOf(this.#config.api.GET('/api/v1/socket/token'))).data.token;
    } catch (error) {
      if (error instanceof CallboardError && (error.status === 401 || error.status === 403)) {
        const { UnauthorizedError } = await import('centrifuge');
        throw new UnauthorizedError(error.detail); // ends the attempts
      }
      throw error;
    }
  }

  #newSubscription(centrifuge: Centrifuge, channel: string, options: SubscribeOptions): Subscription {
    const data = options.track === undefined ? {} : { data: { track: options.track } };
    const subscription = centrifuge.newSubscription(channel, data);
    if (!channel.startsWith('viewers:')) {
      // A list of viewers replaces the one before, and comes with every subscription: there is nothing to catch up on.
      subscription.on('subscribing', () => this.#sync.lost(channel));
      subscription.on('subscribed', ({ recovered }) => this.#sync.heard(channel, recovered));
    }
    subscription.on('subscribed', ({ recovered }) => this.#events.emit('subscribed', { channel, recovered }));
    subscription.on('unsubscribed', ({ code, reason }) => {
      this.#claims.clear(channel);
      this.#sync.removed(channel);
      centrifuge.removeSubscription(subscription);
      if (code !== clientCalled) {
        this.#events.emit('unsubscribed', { channel, code, reason });
      }
    });
    subscription.on('publication', (context) => this.#receive(context.data));
    subscription.on('error', ({ error }) => this.#events.emit('error', new CallboardError(0, error.message)));
    return subscription;
  }

  async #settled(): Promise<void> {
    const pending = Object.values(this.#centrifuge?.subscriptions() ?? {})
      .filter((subscription) => stateOf(subscription) === 'subscribing')
      .map((subscription) => subscription.ready(settleTime));
    await Promise.allSettled(pending);
  }

  #receive(data: unknown): void {
    const message: Message | undefined = parseMessage(data);
    if (message) {
      this.#timeline.accept(message);
    }
  }

  #lost(code: number, reason: string): void {
    if (this.#connected) {
      this.#connected = false;
      this.#sync.disconnected();
      this.#events.emit('disconnected', { code, reason, reconnecting: true });
    }
  }

  #end(code: number, reason: string): void {
    if (this.ended) {
      return;
    }
    this.#over.abort();
    this.#connected = false;
    this.#sync.disconnected();
    Object.values(this.#centrifuge?.subscriptions() ?? {}).forEach((subscription) => subscription.unsubscribe());
    this.#rejectReady(new CallboardError(0, `not connected: ${reason}`));
    this.#events.emit('disconnected', { code, reason, reconnecting: false });
  }
}

/** The values of the library's enum, which would load the library. */
function stateOf(subscription: Subscription | null | undefined): `${SubscriptionState}` | undefined {
  return subscription?.state;
}

/** Codes with which the server refuses a subscription, and what they are in HTTP. */
const statuses: ReadonlyMap<number, number> = new Map([[102, 404], [103, 403], [107, 422], [108, 503], [404, 404]]);

function refusal(code: number, reason: string): CallboardError {
  return new CallboardError(statuses.get(code) ?? 0, reason);
}
