type CamelKey<S> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : S;

/** T with its keys in camelCase. Values stay as they are: metadata and data are the application's own. */
export type Camel<T> = { [K in keyof T as CamelKey<K>]: T[K] };

/** Returns a copy of value with its own keys in camelCase. */
export function camel<T extends object>(value: T): Camel<T> {
  const entries = Object.entries(value).map(([key, v]) => [camelKey(key), v]);
  return Object.fromEntries(entries) as Camel<T>;
}

/** "resource_id" → "resourceId". */
export function camelKey(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
