import type { Message, Source } from 'callboard';

/** A message as it was heard; message.event is its name. */
export interface Heard {
  message: Message;
  source: Source;
}

/** Applies what was heard to caches and stores: all of it, in order, at once. It draws nothing. */
export type Applier = (batch: readonly Heard[]) => void;

/** Calls back before the next frame; in a hidden tab, which has no frames, a little later. */
export function nextFrame(callback: () => void): void {
  if (document.hidden) {
    setTimeout(callback, 250);
  } else {
    requestAnimationFrame(callback);
  }
}

/**
 * The one way from the socket to what is shown. What arrives between two frames is applied together before the next one, so that fifty messages cost
 * one drawing.
 */
export class Queue {
  readonly #appliers = new Set<Applier>();
  readonly #schedule: (callback: () => void) => void;
  #waiting: Heard[] = [];

  constructor(schedule: (callback: () => void) => void = nextFrame) {
    this.#schedule = schedule;
  }

  /** Adds who applies messages. The function that it returns removes it. */
  applies(applier: Applier): () => void {
    this.#appliers.add(applier);
    return () => {
      this.#appliers.delete(applier);
    };
  }

  push(heard: Heard): void {
    this.#waiting.push(heard);
    if (this.#waiting.length === 1) {
      this.#schedule(() => this.flush());
    }
  }

  flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    for (const applier of this.#appliers) {
      try {
        applier(batch);
      } catch (error) {
        reportError(error); // the others go on
      }
    }
  }
}

export const queue = new Queue();
