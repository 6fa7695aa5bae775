import createFetchClient, { defaultBodySerializer, type Client } from 'openapi-fetch';

import { invalid } from './check.js';
import { CallboardError, problemOf } from './error.js';
import type { components, paths } from './schema.gen.js';
import { createTransport, type TransportOptions } from './transport.js';

/** The types of the server's OpenAPI document. */
export type Schemas = components['schemas'];

/** The typed client of all routes. Its calls resolve to `{data, error, response}`. */
export type Api = Client<paths>;

export interface ApiOptions extends TransportOptions {
  url: string;
  credentials?: RequestCredentials | undefined;
}

/** What every call takes last. */
export interface CallOptions {
  /** Ends the call, which rejects. What the server has taken by then stays. */
  signal?: AbortSignal | undefined;
}

export function createApi(options: ApiOptions): Api {
  return createFetchClient<paths>({
    baseUrl: options.url,
    credentials: options.credentials ?? 'same-origin',
    fetch: createTransport(options),
    bodySerializer,
  });
}

/** Returns what goes into a request beside its parameters. */
export function initOf(options: CallOptions | null | undefined): { signal?: AbortSignal } {
  return options?.signal ? { signal: options.signal } : {};
}

const bodySerializer: typeof defaultBodySerializer = (body) => {
  try {
    return defaultBodySerializer(body);
  } catch (cause) { // a circle, or a bigint
    throw invalid(misfit(body), 'cannot be written as JSON', cause);
  }
};

/** Returns the name of the first field that cannot be written. */
function misfit(body: unknown): string {
  for (const [name, value] of Object.entries(body ?? {})) {
    try {
      JSON.stringify(value);
    } catch {
      return name;
    }
  }
  return 'body';
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Returns the body of an answer, or throws the CallboardError that it tells of. `id` is what the call names the ID in the path. */
export async function bodyOf<T>(pending: Promise<Answer<T>>, id?: string): Promise<T> {
  const { data, error, response } = await pending;
  if (!response.ok) {
    throw problemOf(response, error, id);
  }
  if (data === undefined) {
    throw new CallboardError(response.status, 'the answer has no body');
  }
  return data;
}

/** Waits for an answer without a body; throws the CallboardError that it tells of. */
export async function done(pending: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await pending;
  if (!response.ok) {
    throw problemOf(response, error);
  }
}
