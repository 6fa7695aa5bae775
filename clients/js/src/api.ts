import createFetchClient, { type Client } from 'openapi-fetch';

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

export function createApi(options: ApiOptions): Api {
  return createFetchClient<paths>({
    baseUrl: options.url,
    credentials: options.credentials ?? 'same-origin',
    fetch: createTransport(options),
  });
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Returns the body of an answer, or throws the CallboardError that it tells of. */
export async function bodyOf<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending;
  if (!response.ok) {
    throw problemOf(response, error);
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
