import { useCallback, useSyncExternalStore } from 'react';

/** What somebody else has just changed. */
export interface Mark {
  /** Who did it. */
  name: string;
  userId: string;
  /** When it was heard here, in milliseconds. */
  heardAt: number;
  /** When its words were first on the screen. The highlighter fades from then on. */
  seenAt: number | undefined;
}

/** How long a mark stays after it was seen: the hold and the fade of tokens.css, in milliseconds. */
export const markLength = 6000;

/** A mark that nobody has seen by then is dropped, in milliseconds. */
const forgotten = 10 * 60_000;

/** How many marks one frame may bring; a flood marks only who it was. */
const mostPerBatch = 40;

type Fields = ReadonlyMap<string, Mark>;

const none: Fields = new Map();

/**
 * The marks of the highlighter, by record and field. The animation is the style sheet's: here is only which words carry it. The field "" is the
 * record as a whole: who changed it last.
 */
export class Marks {
  readonly #byRecord = new Map<string, Fields>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #room = mostPerBatch;

  /** Begins a batch of changes. */
  begin(): void {
    this.#room = mostPerBatch;
    this.#sweep(Date.now());
  }

  add(id: string, fields: readonly string[], by: { id: string; name: string }): void {
    const mark = { name: by.name, userId: by.id, heardAt: Date.now(), seenAt: undefined };
    const now = new Map(this.#byRecord.get(id));
    now.set('', mark);
    for (const field of fields) {
      if (this.#room > 0) {
        this.#room--;
        now.set(field, { ...mark });
      }
    }
    this.#set(id, now);
  }

  /** Notes that the words of a mark are on the screen. */
  seen(mark: Mark): void {
    mark.seenAt ??= Date.now();
  }

  /** Ends a mark that has faded. */
  end(id: string, field: string, mark: Mark): void {
    const fields = this.#byRecord.get(id);
    if (fields?.get(field) !== mark) {
      return; // a newer one has taken its place
    }
    const rest = new Map(fields);
    rest.delete(field);
    this.#set(id, rest);
  }

  /** Forgets all marks of a record: whoever changes it has seen them. */
  clear(id: string): void {
    this.#set(id, none);
  }

  of(id: string): Fields {
    return this.#byRecord.get(id) ?? none;
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

  #set(id: string, fields: Fields): void {
    if (fields.size === 0) {
      this.#byRecord.delete(id);
    } else {
      this.#byRecord.set(id, fields);
    }
    this.#listeners.get(id)?.forEach((listener) => listener());
  }

  /** Drops what nobody has seen in time. */
  #sweep(now: number): void {
    for (const [id, fields] of this.#byRecord) {
      const rest = new Map([...fields].filter(([, mark]) => !expired(mark, now)));
      if (rest.size < fields.size) {
        this.#set(id, rest);
      }
    }
  }
}

function expired(mark: Mark, now: number): boolean {
  return mark.seenAt === undefined ? now - mark.heardAt > forgotten : now - mark.seenAt > markLength;
}

/** The marks of a record by field, now and whenever they change. */
export function useMarks(marks: Marks, id: string): Fields {
  const subscribe = useCallback((listener: () => void) => marks.subscribe(id, listener), [marks, id]);
  return useSyncExternalStore(subscribe, () => marks.of(id));
}
