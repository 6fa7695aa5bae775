import createFetchClient, { defaultBodySerializer } from 'openapi-fetch';

import { baseUrl, invalid } from './check.js';
import { CallboardError, problemOf } from './error.js';
import type { components, paths } from './schema.gen.js';
import { createTransport, type TransportOptions } from './transport.js';
import type * as web from './web.js';

/** The types of the server's OpenAPI document. */
export type Schemas = components['schemas'];

/** The typed client of all routes. Its calls resolve to `{data, error, response}`, whatever the status. */
export interface Api {
  readonly GET: ApiCall<'get'>;
  readonly PUT: ApiCall<'put'>;
  readonly POST: ApiCall<'post'>;
  readonly PATCH: ApiCall<'patch'>;
  readonly DELETE: ApiCall<'delete'>;
}

export type ApiCall<M extends Method> = <P extends PathWith<M>, As extends keyof ReadAs | 'json' = 'json'>(
  path: P, ...init: Args<ApiInit<paths[P][M]> & { parseAs?: As }>
) => Promise<ApiAnswer<As extends keyof ReadAs ? ReadAs[As] : DataOf<paths[P][M]>>>;

/** What goes into a request: its parameters and its body, as the document has them, and what fetch takes beside these. */
export type ApiInit<O> = ParamsOf<O> & BodyOf<O> & Omit<web.RequestInit, 'body' | 'headers' | 'method' | 'duplex'> & {
  headers?: Record<string, string | undefined>;
  /** Makes what is sent of the body. Default: JSON. */
  bodySerializer?: (body: never) => unknown;
  duplex?: 'half';
};

export type ApiAnswer<T> =
  | { data: T; error?: never; response: web.Response }
  | { data?: never; error: Schemas['Problem']; response: web.Response };

/** What an answer's body can be read as, in place of JSON. */
export interface ReadAs {
  text: string;
  blob: web.Blob;
  arrayBuffer: ArrayBuffer;
  stream: web.Response['body'];
}

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
type PathWith<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type Args<Init> = object extends Init ? [init?: Init] : [init: Init];
type ParamsOf<O> = O extends { parameters: infer P } ? (object extends P ? { params?: P } : { params: P }) : unknown;
type BodyOf<O> = O extends { requestBody: infer B } ? { body: ContentOf<B> }
  : O extends { requestBody?: infer B } ? { body?: ContentOf<NonNullable<B>> } : unknown;
type DataOf<O> = O extends { responses: infer R } ? ContentOf<R[keyof R & (200 | 201 | 202 | 204 | 206)]> : never;
type ContentOf<T> = T extends { content: infer C } ? C[keyof C] : undefined;

export interface ApiOptions extends TransportOptions {
  url: string;
  credentials?: 'include' | 'omit' | 'same-origin' | undefined;
}

/** What every call takes last. */
export interface CallOptions {
  /** Ends the call, which rejects. What the server has taken by then stays. */
  signal?: web.AbortSignal | undefined;
}

export function createApi(options: ApiOptions): Api {
  const client = createFetchClient<paths>({
    baseUrl: baseUrl(options?.url),
    credentials: options.credentials ?? 'same-origin',
    fetch: createTransport(options),
    bodySerializer,
  });
  return client as unknown as Api; // its own types need lib "DOM"
}

/** Returns what goes into a request beside its parameters. */
export function initOf(options: CallOptions | null | undefined): { signal?: web.AbortSignal } {
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
  response: web.Response;
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
