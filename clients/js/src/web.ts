// The types of the web platform that this package speaks of, as the program that uses it knows them: from lib "DOM" or from
// @types/node. A program that knows neither gets the few members that it needs.

/** What fetch answers. */
export type Response = typeof globalThis extends { Response: { prototype: infer T } } ? T : {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
  json(): Promise<unknown>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
};

export type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } } ? T : {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
};

export type Request = typeof globalThis extends { Request: { prototype: infer T } } ? T : unknown;

export type RequestInit = typeof globalThis extends { Request: new (input: never, init?: infer T) => unknown }
  ? NonNullable<T>
  : { signal?: AbortSignal };

export type Fetch = typeof globalThis extends { fetch: infer T } ? T : (request: never) => Promise<Response>;

// Who has no type for these has nothing to pass.
export type Blob = typeof globalThis extends { Blob: { prototype: infer T } } ? T : never;
export type File = typeof globalThis extends { File: { prototype: infer T } } ? T : never;
export type FormData = typeof globalThis extends { FormData: { prototype: infer T } } ? T : never;
export type ReadableStream = typeof globalThis extends { ReadableStream: { prototype: infer T } } ? T : never;
