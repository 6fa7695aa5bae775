/** A parameter of an address. What has its default is left out of it; what is no value of it is read as the default. */
export interface Param<T> {
  read: (raw: string | null) => T;
  write: (value: T) => string | null;
}

export function textParam(): Param<string> {
  return { read: (raw) => raw ?? '', write: (value) => value || null };
}

/** A text of some form. */
export function matching(form: RegExp): Param<string> {
  return { read: (raw) => (raw !== null && form.test(raw) ? raw : ''), write: (value) => value || null };
}

/** On or off. */
export function flag(): Param<boolean> {
  return { read: (raw) => raw === '1', write: (value) => (value ? '1' : null) };
}

export function choice<T extends string>(values: readonly T[], fallback: T): Param<T> {
  return {
    read: (raw) => values.find((value) => value === raw) ?? fallback,
    write: (value) => (value === fallback ? null : value),
  };
}

/** Several of a fixed set, such as "draft,pending". Nothing chosen is the empty list. */
export function choices<T extends string>(values: readonly T[]): Param<readonly T[]> {
  return {
    read: (raw) => (raw ?? '').split(',').flatMap((part) => values.filter((value) => value === part)),
    write: (chosen) => chosen.join(',') || null,
  };
}

/** The parameters of an address, by name. */
export type Params<V> = { readonly [K in keyof V]: Param<V[K]> };

/** What the parameters of an address hold. */
export type Values<S> = S extends Params<infer V> ? V : never;

export function readSearch<V extends object>(params: Params<V>, search: string): V {
  const raw = new URLSearchParams(search);
  const names = Object.keys(params) as (keyof V & string)[];
  return Object.fromEntries(names.map((name) => [name, params[name].read(raw.get(name))])) as V;
}

/** Returns the search part of an address, with its "?", or nothing. Parameters that are not in values stay as they are. */
export function writeSearch<V extends object>(params: Params<V>, values: Partial<V>, search = ''): string {
  const raw = new URLSearchParams(search);
  for (const name of Object.keys(values) as (keyof V & string)[]) {
    const written = params[name].write(values[name] as V[keyof V & string]);
    if (written === null) {
      raw.delete(name);
    } else {
      raw.set(name, written);
    }
  }
  const written = raw.toString();
  return written && `?${written}`;
}
