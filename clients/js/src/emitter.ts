import type { LiveEvents, Message, Source } from './message.js';

/** What it returns counts only when it is a promise that rejects: like a handler that throws. */
export type Handler<T> = (value: T, source: Source) => unknown;

/** Handlers by name. One that fails is reported as 'error' and stops nobody else. */
export class Emitter {
  readonly #handlers = new Map<string, Set<Handler<never>>>();

  /** Adds a handler; the function that it returns removes it again. */
  on<K extends keyof LiveEvents>(name: K, handler: Handler<LiveEvents[K]>): () => void;
  on(name: string, handler: Handler<Message>): () => void;
  on(name: string, handler: Handler<never>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers.add(handler));
    return () => {
      handlers.delete(handler);
    };
  }

  emit<K extends keyof LiveEvents>(name: K, value: LiveEvents[K]): void {
    this.tell(name, value, 'live');
  }

  tell(name: string, value: LiveEvents[keyof LiveEvents], source: Source): void {
    for (const handler of [...(this.#handlers.get(name) ?? [])]) {
      try {
        const result = (handler as Handler<typeof value>)(value, source);
        if (result instanceof Promise) {
          result.catch((error: unknown) => this.#thrown(name, error));
        }
      } catch (error) {
        this.#thrown(name, error);
      }
    }
  }

  #thrown(name: string, error: unknown): void {
    if (name === 'error' || !this.#handlers.get('error')?.size) {
      // Nobody listens, or the listener itself fails: then it is an uncaught error like any other.
      queueMicrotask(() => {
        throw error;
      });
      return;
    }
    this.emit('error', error instanceof Error ? error : new Error(String(error)));
  }
}
