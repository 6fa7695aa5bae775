import { CallboardError, isSwitchedOff, retryAfterOf } from './error.js';
import { randomId } from './random.js';
import { abortedError, unlessAborted, wait } from './wait.js';
import type * as web from './web.js';

/** An API token or a JWT, or a function that returns the one to use now. */
export type Token = string | (() => string | Promise<string>);

export interface TransportOptions {
  token?: Token | undefined;
  fetch?: web.Fetch | undefined;
  retry?: boolean | number | undefined;
  timeout?: number | undefined;
}

type Send = (request: Request, init: { signal: AbortSignal }) => Promise<Response>;

const keyHeader = 'Idempotency-Key';

/** Routes that nobody has signed in for: the server keeps no keys there, so a repeat would count twice. */
const unkeyed = /\/auth\/(login|setup)$/;

/** How long one attempt may take, in milliseconds, unless told otherwise. */
const defaultTimeout = 10_000;

/** How long a request is repeated, in milliseconds, unless told otherwise: longer than a server needs to restart. */
const defaultRetry = 15_000;

/** Pauses between attempts, in milliseconds: at first, and at most. */
const minBackoff = 100;
const maxBackoff = 2000;

/** What a server, or a proxy before it, answers that is away for a moment. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Returns the function that sends all requests. It signs them, and gives every POST an Idempotency-Key. A POST or GET that
 * got no answer, or one that says to try again, is sent again until one comes or the time for it is over; the key makes that
 * harmless. Other methods are never repeated, nor are uploads: a spare copy of the request would hold all of the file in
 * memory. Nor do uploads have a timeout.
 */
export function createTransport(options: TransportOptions): (request: web.Request) => Promise<web.Response> {
  const { timeout = defaultTimeout, retry = true } = options;
  const patience = typeof retry === 'number' ? retry : retry ? defaultRetry : 0;
  const send: Send = (request, init) => (options.fetch ?? globalThis.fetch)(request, init);
  return async (request) => {
    await sign(request, options.token);
    if (request.method === 'POST' && !request.headers.has(keyHeader)) {
      request.headers.set(keyHeader, randomId());
    }
    if (isUpload(request)) {
      return attempt(request, request.signal, send, 0);
    }
    const once = (): Promise<Response> => attempt(request.clone(), request.signal, send, timeout);
    return sendUntil(repeatable(request) ? Date.now() + patience : 0, request, once);
  };
}

async function sign(request: Request, token: Token | undefined): Promise<void> {
  if (token === undefined || request.headers.has('Authorization')) {
    return;
  }
  try {
    request.headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
  } catch (cause) {
    throw new CallboardError(0, `token: ${reasonOf(cause)}`, { cause });
  }
}

function repeatable(request: Request): boolean {
  return request.method === 'GET' || (request.method === 'POST' && !unkeyed.test(new URL(request.url).pathname));
}

function isUpload(request: Request): boolean {
  return request.headers.get('Content-Type')?.startsWith('multipart/') ?? false;
}

/**
 * Sends a request once, until the signal ends it. JSON is read within the timeout, in milliseconds, too; other content, such as
 * that of a file, may take its time once it begins to come.
 *
 * Node loses the signal of a copied request when memory is tidied up. So the caller's is listened to here, and fetch gets one of
 * its own, beside the request too.
 */
async function attempt(request: Request, signal: AbortSignal, send: Send, timeout: number): Promise<Response> {
  const { origin } = new URL(request.url);
  const end = new AbortController();
  const abort = (): void => end.abort(abortedError(signal));
  signal.addEventListener('abort', abort); // it stays: content may be coming still
  if (signal.aborted) {
    abort();
  }
  const late = (): void => end.abort(new CallboardError(0, `no answer from ${origin}: none within ${timeout / 1000} s`));
  const timer = timeout > 0 ? setTimeout(late, timeout) : undefined;
  try {
    const init = { signal: end.signal };
    // A fetch of the application may look at the request alone; and not every one heeds its signal.
    return await unlessAborted(receive(send(new Request(request, init), init)), end.signal);
  } catch (cause) {
    throw end.signal.aborted ? end.signal.reason : new CallboardError(0, `no answer from ${origin}: ${reasonOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

async function receive(pending: Promise<Response>): Promise<Response> {
  const response = await pending;
  if (isJSON(response)) {
    await response.clone().arrayBuffer(); // and the response has it all
  }
  return response;
}

/** Why a request failed. Fetch itself says only that it did, and Node has the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  return String(cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : error));
}

/** Repeats a request until it has an answer that counts, or the next attempt would be past the deadline. */
async function sendUntil(deadline: number, { signal }: Request, once: () => Promise<Response>): Promise<Response> {
  for (let failures = 0; ; failures++) {
    let response: Response | undefined;
    let failure: unknown;
    try {
      response = await once();
      if (!(await worthRepeating(response))) {
        return response;
      }
    } catch (error) {
      failure = error;
    }
    const backoff = Math.min(minBackoff * 2 ** failures, maxBackoff) * (0.5 + Math.random() / 2);
    const pause = Math.max(backoff, response ? (retryAfterOf(response) ?? 0) * 1000 : 0);
    if (signal.aborted || Date.now() + pause > deadline) {
      if (response) {
        return response;
      }
      throw failure;
    }
    response?.body?.cancel().catch(() => undefined); // nobody reads it; of a copy it ends only with the other one
    await wait(pause, signal);
  }
}

/** A 409 that names a time tells that the first of two equal requests is still being carried out. */
async function worthRepeating(response: Response): Promise<boolean> {
  if (response.status === 409) {
    return response.headers.has('Retry-After');
  }
  return passing.has(response.status) && !(isJSON(response) && isSwitchedOff(await response.clone().json().catch(() => undefined)));
}

/** Whether an answer is of the API. What is for saving may be JSON too, and large. */
function isJSON({ headers }: Response): boolean {
  return /\bjson\b/.test(headers.get('Content-Type') ?? '') && !headers.has('Content-Disposition');
}
