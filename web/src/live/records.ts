import { useCallback, useSyncExternalStore } from 'react';

/** What others see of a record: as the server has it, with what is being saved on top. */
interface Entry<T> {
  server: T;
  /** Changes that were made here and have no answer yet, oldest first. */
  edits: { fields: Partial<T> }[];
  shown: T;
}

/**
 * The records of one kind by id, each once, whichever lists they are in. Who shows a record subscribes to it alone, so a change draws one row.
 */
export class Records<T extends { id: string }> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #listeners = new Map<string, Set<() => void>>();

  /** The record with what is being saved on top; undefined when it was not read. */
  get(id: string): T | undefined {
    return this.#entries.get(id)?.shown;
  }

  /** The record as the server has it. */
  saved(id: string): T | undefined {
    return this.#entries.get(id)?.server;
  }

  /** Whether something of the record is being saved. */
  saving(id: string): boolean {
    return (this.#entries.get(id)?.edits.length ?? 0) > 0;
  }

  /** Takes a record as the server has it now. */
  put(record: T): void {
    const entry = this.#entries.get(record.id);
    if (entry) {
      entry.server = record;
      this.#changed(entry);
    } else {
      this.#entries.set(record.id, { server: record, edits: [], shown: record });
      this.#tell(record.id);
    }
  }

  /** Shows changes before the server has answered. The function that it returns takes them away again: saved or refused, put comes first. */
  edit(id: string, fields: Partial<T>): () => void {
    const entry = this.#entries.get(id);
    if (!entry) {
      return () => undefined;
    }
    const edit = { fields };
    entry.edits.push(edit);
    this.#changed(entry);
    return () => {
      entry.edits = entry.edits.filter((other) => other !== edit);
      this.#changed(entry);
    };
  }

  delete(id: string): void {
    this.#entries.delete(id);
    this.#tell(id);
  }

  /** Keeps at most `most` records: what nobody shows and is not in keep goes first, the longest known before others. */
  trim(most: number, keep: ReadonlySet<string>): void {
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= most) {
        return;
      }
      if (!keep.has(id) && !this.#listeners.has(id) && !this.saving(id)) {
        this.#entries.delete(id);
      }
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  subscribe(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        this.#listeners.delete(id);
      }
    };
  }

  #changed(entry: Entry<T>): void {
    entry.shown = Object.assign({}, entry.server, ...entry.edits.map(({ fields }) => fields)) as T;
    this.#tell(entry.server.id);
  }

  #tell(id: string): void {
    this.#listeners.get(id)?.forEach((listener) => listener());
  }
}

/** The record of this id, now and whenever it changes. */
export function useRecord<T extends { id: string }>(records: Records<T>, id: string): T | undefined {
  const subscribe = useCallback((listener: () => void) => records.subscribe(id, listener), [records, id]);
  return useSyncExternalStore(subscribe, () => records.get(id));
}
