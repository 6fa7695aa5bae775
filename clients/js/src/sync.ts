import { CallboardError, isSwitchedOff } from './error.js';
import type { Emitter } from './emitter.js';
import type { Message } from './message.js';
import type { Missed } from './missed.js';
import { byPosition, type Timeline } from './timeline.js';
import { wait } from './wait.js';

/** What is known of a channel that we listen to. */
interface Lane {
  heard: boolean;
  /** The position after which messages may be missing; undefined while none are. */
  behind: number | undefined;
  /** Set when the server's history did not reach back: then only the record of events helps, whatever comes later. */
  broken: boolean;
}

type Lagging = Lane & { behind: number };

/** How long a catch-up waits before it tries again, in milliseconds: at first, and at most. */
const minBackoff = 500;
const maxBackoff = 30_000;

/** How often the inbox is tried before a catch-up goes on without it: events don't wait for notifications. */
const inboxAttempts = 3;

export interface SyncConfig {
  missed: Missed;
  timeline: Timeline;
  events: Emitter;
  /** The position to begin after; undefined for now. */
  after: number | undefined;
  /** Resolves when the subscriptions have come back after a reconnect, as far as they do. */
  settled: () => Promise<void>;
  /** Called once, when the position to begin at is known. Nothing that has a position is delivered before. */
  ready: () => void;
}

/**
 * Closes gaps. A channel that was not heard for a while, and whose history on the server no longer reaches back, is made
 * up for from the record of events; until then the timeline holds, so that order is kept.
 */
export class Sync {
  readonly #config: SyncConfig;
  readonly #lanes = new Map<string, Lane>();
  #session: AbortController | undefined;
  #running: AbortSignal | undefined;
  #begun = false;
  #notified = 0;

  constructor(config: SyncConfig) {
    this.#config = config;
    config.timeline.hold();
    if (config.after !== undefined) {
      config.timeline.reset(config.after);
      this.#notified = config.after;
    }
  }

  connected(): void {
    this.#session = new AbortController();
    this.#kick();
  }

  disconnected(): void {
    this.#session?.abort();
    this.#session = undefined;
    for (const channel of this.#lanes.keys()) {
      this.lost(channel);
    }
  }

  /** A channel is no longer heard, for now. */
  lost(channel: string): void {
    const lane = this.#lanes.get(channel);
    if (lane?.heard) {
      lane.heard = false;
      lane.behind ??= this.#config.timeline.settled; // rather some twice, which the timeline sees, than one never
      this.#config.timeline.hold();
      this.#kick();
    }
  }

  /** A channel is heard, for the first time or again. Recovered means that what it carried meanwhile follows. */
  heard(channel: string, recovered: boolean): void {
    const lane = this.#lanes.get(channel) ?? this.#newLane(channel);
    lane.heard = true;
    if (!recovered) {
      lane.broken = lane.behind !== undefined;
    } else if (!lane.broken) {
      lane.behind = undefined;
    }
    this.#kick();
  }

  removed(channel: string): void {
    this.#lanes.delete(channel);
    this.#kick();
  }

  /** Notes that a notification was told, so that it is not looked for again. */
  notified(pos: number): void {
    this.#notified = Math.max(this.#notified, pos);
  }

  #newLane(channel: string): Lane {
    const lane = { heard: false, behind: this.#begun ? undefined : this.#config.after, broken: false };
    this.#lanes.set(channel, lane);
    return lane;
  }

  #kick(): void {
    const signal = this.#session?.signal;
    if (signal && this.#running !== signal) {
      this.#running = signal;
      void this.#run(signal);
    }
  }

  /** Works until nothing is missing, then lets the timeline go on. Ends without that when the connection does. */
  async #run(signal: AbortSignal): Promise<void> {
    await this.#config.settled();
    let failures = 0;
    while (!signal.aborted) {
      try {
        if (!(await this.#step(signal))) {
          break;
        }
        failures = 0;
      } catch (error) {
        await this.#failed(error, failures++, signal);
      }
    }
    if (!signal.aborted) {
      this.#running = undefined;
      this.#config.timeline.release();
    }
  }

  /** Does one thing that is to be done; false when there is none. */
  async #step(signal: AbortSignal): Promise<boolean> {
    const { missed, timeline, ready } = this.#config;
    if (timeline.position === undefined) {
      const latest = await missed.latest(signal);
      timeline.reset(latest);
      this.#notified = latest;
      return true;
    }
    if (!this.#begun) {
      this.#begun = true;
      ready();
      await wait(0); // so that whoever waited for it can add handlers before the first message
      return true;
    }
    const lagging = this.#lagging();
    if (lagging.size > 0) {
      await this.#catchUp(lagging, signal);
      return true;
    }
    return false;
  }

  async #failed(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      return;
    }
    this.#config.events.emit('error', asError(error));
    const backoff = Math.min(minBackoff * 2 ** failures, maxBackoff) * (0.5 + Math.random() / 2);
    const asked = error instanceof CallboardError ? (error.retryAfter ?? 0) * 1000 : 0;
    await wait(Math.max(backoff, asked), signal);
  }

  #lagging(): Map<string, Lagging> {
    const lagging = new Map<string, Lagging>();
    for (const [channel, lane] of this.#lanes) {
      if (lane.heard && isBehind(lane)) {
        lagging.set(channel, lane);
      }
    }
    return lagging;
  }

  /**
   * Delivers what the lagging channels carried, in order. It reads up to the position that was the newest at the first
   * request: what came after it was published when the channels were heard again, and so is live.
   */
  async #catchUp(lagging: Map<string, Lagging>, signal: AbortSignal): Promise<void> {
    const { missed, timeline, events } = this.#config;
    const begin = Math.min(...[...lagging.values()].map((lane) => lane.behind));
    events.emit('gap', { after: begin });
    const notifications = hasUser(lagging) ? await this.#missedNotifications(signal) : [];
    for (let after = begin, target: number | undefined; target === undefined || after < target; ) {
      const page = await missed.events(after, signal).catch(ifGone);
      if (page === undefined) {
        return this.#reset(lagging, begin, signal);
      }
      target ??= page.last;
      if (page.pos <= after && after < target) {
        throw new Error('the record of events does not go on');
      }
      await this.#deliver(page.data, notifications, lagging, signal);
      after = page.pos;
      timeline.advance(after);
      lagging.forEach((lane) => (lane.behind = Math.max(lane.behind, after)));
    }
    notifications.forEach((message) => timeline.deliver(message, 'catch-up'));
    forget(lagging);
    events.emit('caught-up', { pos: timeline.position ?? begin });
  }

  async #deliver(
    messages: Message[], notifications: Message[], lagging: Map<string, Lagging>, signal: AbortSignal,
  ): Promise<void> {
    const { missed, timeline } = this.#config;
    for (const message of messages) {
      const pos = message.pos ?? 0;
      const channels = await missed.channelsOf(message, signal);
      signal.throwIfAborted();
      while (notifications[0] && (notifications[0].pos ?? 0) < pos) {
        timeline.deliver(notifications.shift() ?? message, 'catch-up');
      }
      if (channels.some((channel) => pos > (lagging.get(channel)?.behind ?? Infinity))) {
        timeline.deliver(message, 'catch-up');
      }
    }
  }

  async #missedNotifications(signal: AbortSignal): Promise<Message[]> {
    for (let failures = 0; ; failures++) {
      try {
        return (await this.#config.missed.notifications(this.#notified, signal)).sort(byPosition);
      } catch (error) {
        signal.throwIfAborted();
        if (isSwitchedOff(error)) {
          return [];
        }
        if (failures + 1 === inboxAttempts) {
          this.#config.events.emit('error', asError(error));
          return [];
        }
        await this.#failed(error, failures, signal);
      }
    }
  }

  async #reset(lagging: Map<string, Lagging>, after: number, signal: AbortSignal): Promise<void> {
    const pos = await this.#config.missed.latest(signal);
    this.#config.timeline.reset(pos);
    this.#notified = pos;
    forget(lagging);
    this.#config.events.emit('reset', { after, pos });
  }
}

function isBehind(lane: Lane): lane is Lagging {
  return lane.behind !== undefined;
}

function hasUser(lagging: Map<string, Lagging>): boolean {
  return [...lagging.keys()].some((channel) => channel.startsWith('user:'));
}

function forget(lagging: Map<string, Lane>): void {
  for (const lane of lagging.values()) {
    lane.behind = undefined;
    lane.broken = false;
  }
}

function ifGone(error: unknown): undefined {
  if (error instanceof CallboardError && error.status === 410) {
    return undefined;
  }
  throw error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
