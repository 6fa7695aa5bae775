import { CallboardError } from './error.js';

/** Resolves after that many milliseconds, or at once when the signal ends. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}

/** What a call rejects with that its signal has ended. */
export function abortedError(signal: AbortSignal): CallboardError {
  return new CallboardError(0, 'the call was ended by its signal', { cause: signal.reason });
}

/** Settles as pending does, or rejects when the signal ends before. */
export async function unlessAborted<T>(pending: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) {
    return pending;
  }
  let end = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(abortedError(signal));
  });
  signal.addEventListener('abort', end);
  if (signal.aborted) {
    end();
  }
  try {
    return await Promise.race([pending, ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
