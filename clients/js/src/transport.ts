import { CallboardError, retryAfterOf } from './error.js';
import { wait } from './wait.js';

/** An API token or a JWT, or a function that returns the one to use now. */
export type Token = string | (() => string | Promise<string>);

export interface TransportOptions {
  token?: Token | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  retry?: boolean | undefined;
}

const keyHeader = 'Idempotency-Key';

/** Routes that nobody has signed in for: the server keeps no keys there, so a repeat would count twice. */
const unkeyed = /\/auth\/(login|setup)$/;

/** The longest wait before the repeat, in milliseconds. */
const maxRetryWait = 1000;

/**
 * Returns the function that sends all requests. It signs them, and gives every POST an Idempotency-Key. A POST or GET that
 * got no answer, or 503, is sent once more; the key makes that harmless. Other methods are never repeated, nor are uploads:
 * a spare copy of the request would hold all of the file in memory.
 */
export function createTransport(options: TransportOptions): (request: Request) => Promise<Response> {
  const send = async (request: Request): Promise<Response> => {
    const doFetch = options.fetch ?? globalThis.fetch;
    try {
      return await doFetch(request);
    } catch (cause) {
      throw new CallboardError(0, 'no answer from the server', { cause });
    }
  };
  return async (request) => {
    await sign(request, options.token);
    if (request.method === 'POST' && !request.headers.has(keyHeader)) {
      request.headers.set(keyHeader, crypto.randomUUID());
    }
    return options.retry !== false && repeatable(request) ? sendTwice(request, send) : send(request);
  };
}

async function sign(request: Request, token: Token | undefined): Promise<void> {
  if (token !== undefined && !request.headers.has('Authorization')) {
    request.headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
  }
}

function repeatable(request: Request): boolean {
  return request.method === 'GET' || (request.method === 'POST' && !isUpload(request) && !unkeyed.test(new URL(request.url).pathname));
}

function isUpload(request: Request): boolean {
  return request.headers.get('Content-Type')?.startsWith('multipart/') ?? false;
}

async function sendTwice(request: Request, send: (r: Request) => Promise<Response>): Promise<Response> {
  const spare = request.clone();
  let pause = 0;
  try {
    const response = await send(request);
    if (!worthRepeating(response)) {
      return response;
    }
    pause = (retryAfterOf(response) ?? 0) * 1000;
    await response.body?.cancel();
  } catch (error) {
    if (request.signal.aborted) {
      throw error;
    }
  }
  await wait(Math.min(pause, maxRetryWait), request.signal);
  return send(spare);
}

/** A 409 that names a time tells that the first of two equal requests is still being carried out. */
function worthRepeating(response: Response): boolean {
  return response.status === 503 || (response.status === 409 && response.headers.has('Retry-After'));
}
