import { useCallback, useSyncExternalStore } from 'react';

/** A change that was made here and that the server has not taken yet. */
interface Edit<T> {
  fields: Partial<T>;
  /** Set when it waits on the device, rather than being on its way. */
  kept: boolean;
}

/** A record as the server has it, and as it is shown: with what was changed here on top. */
interface Entry<T> {
  server: T;
  shown: T;
}

/**
 * The records of one kind by id, each once, whichever lists they are in. Who shows a record subscribes to it alone, so a change draws one row.
 */
export class Records<T extends { id: string }> {
  readonly #entries = new Map<string, Entry<T>>();
  /** By id, oldest first; also of records that were not read yet. */
  readonly #edits = new Map<string, readonly Edit<T>[]>();
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
    return this.#edits.get(id)?.some(({ kept }) => !kept) ?? false;
  }

  /** Takes a record as the server has it now. */
  put(record: T): void {
    this.#entries.set(record.id, { server: record, shown: this.#shown(record) });
    this.#tell(record.id);
  }

  /**
   * Shows changes before the server has them; kept says that they wait on the device. The function that it returns takes them away again: saved or
   * refused, put comes first.
   */
  edit(id: string, fields: Partial<T>, { kept = false } = {}): () => void {
    const edit = { fields, kept };
    this.#setEdits(id, [...(this.#edits.get(id) ?? []), edit]);
    return () => this.#setEdits(id, (this.#edits.get(id) ?? []).filter((other) => other !== edit));
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

  #setEdits(id: string, edits: readonly Edit<T>[]): void {
    if (edits.length > 0) {
      this.#edits.set(id, edits);
    } else {
      this.#edits.delete(id);
    }
    const entry = this.#entries.get(id);
    if (entry) {
      entry.shown = this.#shown(entry.server);
      this.#tell(id);
    }
  }

  #shown(server: T): T {
    const edits = this.#edits.get(server.id);
    return edits ? (Object.assign({}, server, ...edits.map(({ fields }) => fields)) as T) : server;
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
