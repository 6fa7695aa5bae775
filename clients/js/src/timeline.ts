import type { Message, Source } from './message.js';

/** How many messages are remembered as delivered: well above the 1,000 that a channel's history can repeat. */
const remembered = 10_000;

/** For how long after an event one with a lower position may come on another channel, at most, in milliseconds: see docs/nodes.md. */
const overtaking = 1000;

/** The most steps in which the positions of that time are kept. */
const steps = 20;

/**
 * Delivers each message once. While it holds, durable messages wait; on release they are delivered in the order of their
 * positions.
 */
export class Timeline {
  readonly #deliver: (message: Message, source: Source) => void;
  readonly #limit: number;
  readonly #seen = new Set<string>();
  #held: Message[] | undefined;
  readonly #now: () => number;
  #position: number | undefined;
  #settled: number | undefined;
  /** How far it came lately, and when, the oldest first. */
  #recent: { pos: number; at: number }[] = [];

  constructor(deliver: (message: Message, source: Source) => void, { limit = remembered, now = () => performance.now() } = {}) {
    this.#deliver = deliver;
    this.#limit = limit;
    this.#now = now;
  }

  /** The newest position of an event that was delivered or is known to need no delivery; undefined before the first. */
  get position(): number | undefined {
    return this.#position;
  }

  /** The position before which nothing is on its way any more: the one to go on after. */
  get settled(): number | undefined {
    this.#settle(this.#now());
    return this.#settled;
  }

  #settle(now: number): void {
    while (this.#recent[0] && this.#recent[0].at <= now - overtaking) {
      this.#settled = this.#recent.shift()?.pos;
    }
  }

  advance(pos: number): void {
    if (pos <= (this.#position ?? 0)) {
      return;
    }
    this.#position = pos;
    const at = this.#now();
    this.#settle(at);
    const [before, last] = [this.#recent.at(-2), this.#recent.at(-1)];
    if (last && before && last.at - before.at < overtaking / steps) {
      [last.pos, last.at] = [pos, at];
    } else {
      this.#recent.push({ pos, at });
    }
  }

  /** Sets the position to where the server says that events go on, be it before or after. */
  reset(pos: number): void {
    this.#position = pos;
    this.#settled = pos;
    this.#recent = [];
  }

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    held.sort(byPosition);
    for (const message of held) {
      this.deliver(message, 'live');
    }
  }

  /** Takes a message from a socket. */
  accept(message: Message): void {
    if (this.#held && message.pos) {
      this.#held.push(message);
    } else {
      this.deliver(message, 'live');
    }
  }

  /** Delivers a message now, unless it was delivered before. */
  deliver(message: Message, source: Source): void {
    if (this.#repeated(message)) {
      return;
    }
    // A notification comes on its own way, and may run ahead of events before the one that caused it: it says nothing of those.
    if (message.pos && message.event !== 'notification') {
      this.advance(message.pos);
    }
    this.#deliver(message, source);
  }

  #repeated(message: Message): boolean {
    // A notification has the ID and the position of the event that caused it.
    const key = message.event === 'notification' ? `notification ${message.id}` : message.id;
    if (this.#seen.has(key)) {
      return true;
    }
    this.#seen.add(key);
    if (this.#seen.size > this.#limit) {
      const [oldest] = this.#seen;
      this.#seen.delete(oldest ?? key);
    }
    return false;
  }
}

/** Orders messages by position; a notification comes after the event that caused it. */
export function byPosition(a: Message, b: Message): number {
  return (a.pos ?? 0) - (b.pos ?? 0) || Number(a.event === 'notification') - Number(b.event === 'notification');
}
