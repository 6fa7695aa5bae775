import type { Callboard, Live, Message, Source } from 'callboard';
import { create } from 'zustand';

import { call, client, queries, serverNow, statusOf } from '../client';
import { refreshMe, sessionOver } from '../session';
import { queue } from './queue';

export type Signal = 'connecting' | 'live' | 'reconnecting' | 'catching-up' | 'offline';

interface LampState {
  signal: Signal;
  /** When the signal became what it is, by the clock of the server, in milliseconds. */
  since: number;
  /** The last change that was heard. */
  heard: { at: number; pos: number } | undefined;
  /** How many changes this catch-up is past, and how many there are; undefined until that is known. */
  caught: number;
  missed: number | undefined;
  /** Set once what was missed was no longer kept, so that everything was read anew: for how long one was away, in minutes. */
  reset: number | undefined;
}

export const useLamp = create<LampState>(() => ({ signal: 'connecting', since: serverNow(), heard: undefined, caught: 0, missed: undefined, reset: undefined }));

/** A connection that is away for so long says nothing yet: a blink is no news. In milliseconds, as all of these. */
const blink = 1000;
/** Reconnecting for so long is being offline. */
const patience = 10_000;
/** After a reconnect the client tells of a gap within so long, if there is one. */
const settling = 300;
/** The pulse by which sleep is noticed, and the pause in it that is sleep. */
const pulse = 5000;
const sleep = 20_000;

/** The code with which the server ends a connection whose user has other rights now. */
const rightsChanged = 4001;

/** Names that are heard beside events. */
const told = ['event', 'notification', 'unread_count', 'viewers'] as const;

/** Who needs a channel. */
interface Holder {
  begins: ((data: unknown) => void) | undefined;
  track: boolean;
}

/** The connection of the page: one socket, whose messages go to the queue, and whose state to the lamp. It lasts as long as the session. */
class Connection {
  #client: Callboard | undefined;
  #live: Live | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #failures = 0;
  #wasAway = false;
  #stopped = true;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #beat = 0;
  /** The position after which this catch-up began. */
  #gapAt: number | undefined;
  /** When it was last known that nothing was missing, in milliseconds. */
  #whole = Date.now();
  readonly #held = new Map<string, Holder[]>();

  start(): void {
    if (!this.#stopped) {
      return;
    }
    this.#stopped = false;
    void this.#begin();
    window.addEventListener('offline', this.#offline);
    window.addEventListener('online', this.tryNow);
    document.addEventListener('visibilitychange', this.#look);
    window.addEventListener('pageshow', this.#look);
    this.#beat = Date.now();
    this.#pulse = setInterval(this.#look, pulse);
  }

  /** Opens it for the first time, with the client that connects, which is imported for that. */
  async #begin(): Promise<void> {
    try {
      this.#client ??= (await import('../client/live')).liveClient;
    } catch {
      this.#show('offline');
      this.#later([patience, this.tryNow]);
      return;
    }
    if (!this.#stopped && !this.#live) {
      const live = this.#open(this.#client, undefined);
      void live.ready.then(refreshAll, () => undefined); // what was read before may lack what came meanwhile
    }
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#pulse);
    document.removeEventListener('visibilitychange', this.#look);
    window.removeEventListener('pageshow', this.#look);
    window.removeEventListener('offline', this.#offline);
    window.removeEventListener('online', this.tryNow);
    this.#later();
    this.#live?.close();
    this.#live = undefined;
    this.#show('connecting');
  }

  /** Connects now, and goes on where it was. */
  readonly tryNow = (): void => {
    if (this.#stopped) {
      return;
    }
    if (!this.#client || !this.#live) {
      void this.#begin();
      return;
    }
    const after = this.#live.position;
    this.#wasAway = true;
    this.#live.close();
    this.#open(this.#client, after);
  };

  /**
   * Listens to a channel until the function that it returns is called. A list of viewers is only looked at, unless track is set; what it is at first
   * goes to begins.
   */
  hold(channel: string, begins?: (data: unknown) => void, { track = false } = {}): () => void {
    const holder: Holder = { begins, track };
    const holders = this.#held.get(channel) ?? [];
    this.#held.set(channel, [...holders, holder]);
    if (this.#live) {
      if (track && holders.length > 0) {
        this.#live.unsubscribe(channel); // it was only looked at
      }
      this.#subscribe(this.#live, channel);
    }
    return () => {
      const others = (this.#held.get(channel) ?? []).filter((other) => other !== holder);
      if (others.length > 0) {
        this.#held.set(channel, others);
      } else {
        this.#held.delete(channel);
        this.#live?.unsubscribe(channel);
      }
    };
  }

  #subscribe(live: Live, channel: string): void {
    const holders = this.#held.get(channel) ?? [];
    const options = channel.startsWith('viewers:') ? { track: holders.some(({ track }) => track) } : {};
    live.subscribe(channel, options).then(
      ({ data }) => holders.forEach(({ begins }) => begins?.(data)),
      () => undefined, // what may not be heard is not shown
    );
  }

  #open(client: Callboard, after: number | undefined): Live {
    const live = client.connect({ after });
    this.#live = live;
    const current = (): boolean => this.#live === live;
    for (const name of told) {
      live.on(name, (message: Message, source: Source) => this.#heard(message, source));
    }
    live.on('connected', () => current() && this.#connected());
    live.on('disconnected', ({ code, reconnecting }) => current() && this.#disconnected(code, reconnecting));
    live.on('gap', ({ after: from }) => current() && this.#gap(from));
    live.on('caught-up', () => current() && this.#show('live'));
    live.on('reset', () => current() && this.#reset());
    live.on('error', () => undefined); // the other events tell what follows from it
    for (const channel of this.#held.keys()) {
      this.#subscribe(live, channel);
    }
    if (useLamp.getState().signal === 'connecting') {
      this.#later([patience, () => this.#show('offline')]);
    }
    return live;
  }

  #heard(message: Message, source: Source): void {
    if (message.pos !== undefined) {
      const { signal, caught } = useLamp.getState();
      useLamp.setState({
        heard: { at: serverNow(), pos: message.pos },
        ...(source === 'catch-up' && signal === 'catching-up' && this.#gapAt !== undefined ? { caught: Math.max(caught, message.pos - this.#gapAt) } : {}),
      });
    }
    queue.push({ message, source });
  }

  #connected(): void {
    this.#failures = 0;
    const { signal } = useLamp.getState();
    if (this.#wasAway) {
      this.#wasAway = false;
      void this.#lookWho(); // rights may have changed meanwhile, of which nobody told
    }
    if (signal === 'connecting') {
      this.#show('live');
    } else {
      this.#later([settling, () => this.#show('live')]); // a gap comes first, if there is one
    }
  }

  /** Connected anew, as whoever the browser is signed in as by now. */
  async #lookWho(): Promise<void> {
    try {
      await refreshMe();
    } catch (error) {
      if (statusOf(error) === 401 && (await sessionOver())) {
        this.tryNow();
      }
    }
  }

  #disconnected(code: number, reconnecting: boolean): void {
    if (this.#stopped) {
      return;
    }
    this.#wasAway = true;
    if (code === rightsChanged) {
      refreshMe().catch(() => undefined); // when the session is over, the next connection tells
    }
    if (!navigator.onLine) {
      this.#show('offline');
    } else if (reconnecting) {
      this.#away();
    } else {
      void this.#ended();
    }
  }

  /** The connection is away, and may come back. */
  #away(): void {
    this.#later([blink, () => this.#turn('reconnecting')], [patience, () => this.#turn('offline')]);
  }

  readonly #offline = (): void => this.#show('offline');

  /** What came after a position is missing: the numbers of events say how much that is. */
  #gap(after: number | undefined): void {
    this.#later();
    this.#gapAt = after;
    useLamp.setState({ signal: 'catching-up', since: serverNow(), caught: 0, missed: undefined });
    if (after !== undefined) {
      latest().then(
        (pos) => this.#gapAt === after && useLamp.setState({ missed: pos - after }),
        () => undefined, // then it is not said
      );
    }
  }

  #reset(): void {
    const minutes = Math.round((Date.now() - this.#whole) / 60_000);
    refreshAll();
    this.#show('live');
    useLamp.setState({ reset: minutes });
  }

  /** The server has ended the connection: the session is over, or rights have changed and it goes on with the new ones. */
  async #ended(): Promise<void> {
    const after = this.#live?.position;
    this.#away();
    try {
      await refreshMe();
    } catch (error) {
      if (statusOf(error) === 401 && !(await sessionOver())) {
        return;
      }
    }
    const pause = this.#failures === 0 ? 0 : Math.min(500 * 2 ** this.#failures, 20_000);
    this.#failures++;
    setTimeout(() => !this.#stopped && this.#client && this.#live?.ended && this.#open(this.#client, after), pause);
  }

  /** Notices sleep by a pulse that was missed. A hidden tab has a slow one: what it has missed is seen when somebody looks. */
  readonly #look = (): void => {
    if (document.hidden) {
      return;
    }
    const pause = Date.now() - this.#beat;
    this.#beat = Date.now();
    if (pause > sleep) {
      void this.#woke();
    }
  };

  /** The machine slept. Until it is known that nothing is missing the lamp does not say Live. */
  async #woke(): Promise<void> {
    if (useLamp.getState().signal !== 'live') {
      return;
    }
    const live = this.#live;
    this.#gap(undefined);
    try {
      const pos = await latest();
      if (live === this.#live && useLamp.getState().signal === 'catching-up' && (live?.position ?? 0) >= pos) {
        this.#show('live');
        return;
      }
    } catch {
      // no answer: connect anew, which tells what is the matter
    }
    if (live === this.#live && useLamp.getState().signal === 'catching-up') {
      this.tryNow();
    }
  }

  /** Sets the signal, and whatever was to be done later is not. */
  #show(signal: Signal): void {
    this.#later();
    this.#turn(signal);
  }

  #turn(signal: Signal): void {
    const before = useLamp.getState().signal;
    if (before === 'live') {
      this.#whole = Date.now();
    }
    if (before !== signal) {
      useLamp.setState({ signal, since: serverNow(), ...(signal === 'live' ? {} : { reset: undefined }) });
    }
    if (signal === 'live') {
      void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' }); // what got no answer meanwhile
    }
  }

  /** Replaces what was to be done later. */
  #later(...steps: [delay: number, step: () => void][]): void {
    this.#timers.forEach(clearTimeout);
    this.#timers = steps.map(([delay, step]) => setTimeout(step, delay));
  }
}

/** The position of the newest event. */
async function latest(): Promise<number> {
  return (await call(() => client.api.GET('/api/v1/events', { params: { query: { latest: true } } }))).pos;
}

function refreshAll(): void {
  void queries.invalidateQueries();
}

export const connection = new Connection();
