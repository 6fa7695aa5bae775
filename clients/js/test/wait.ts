import type { Live, LiveEvents, Message, Source } from '../src/index.js';

/** Resolves as pending does; rejects when that takes too long. */
export async function within<T>(pending: Promise<T>, what: string, milliseconds = 60_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited too long: ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps what a connection tells under one name. */
export class Heard<T> {
  readonly all: T[] = [];
  readonly sources: Source[] = [];
  #waiting: (() => void)[] = [];

  constructor(listen: (handler: (value: T, source: Source) => void) => void) {
    listen((value, source) => {
      this.all.push(value);
      this.sources.push(source);
      this.#waiting.splice(0).forEach((wake) => wake());
    });
  }

  /** Resolves to the first value that is as wanted, be it told already or later. */
  async find(what: string, wanted: (value: T) => boolean = () => true): Promise<T> {
    await this.until(what, () => this.all.some(wanted));
    return this.all.find(wanted) as T;
  }

  async until(what: string, reached: () => boolean): Promise<void> {
    const loop = async (): Promise<void> => {
      while (!reached()) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    };
    await within(loop(), what);
  }
}

export function hear<K extends keyof LiveEvents>(live: Live, name: K): Heard<LiveEvents[K]> {
  return new Heard((handler) => live.on(name, handler));
}

/** Keeps the events that have a position: all but those of presence, which come when others connect. */
export function hearDurable(live: Live): Heard<Message> {
  return new Heard((handler) => live.on('event', (message, source) => message.pos && handler(message, source)));
}

/** Keeps the messages of an application's own name. */
export function hearOwn(live: Live, name: string): Heard<Message> {
  return new Heard((handler) => live.on(name, handler));
}

/** Resolves when live.position, which follows the events by a moment, has come to pos. */
export async function positioned(live: Live, pos: number | undefined): Promise<void> {
  await eventually(`the position ${pos}, after ${live.position}`, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return live.position === pos || undefined;
  });
}

/** Calls probe until it gives a value. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  let late = false;
  const loop = async (): Promise<T> => {
    while (!late) {
      const value = await probe();
      if (value !== undefined) {
        return value;
      }
    }
    throw new Error(what);
  };
  try {
    return await within(loop(), what);
  } finally {
    late = true;
  }
}
