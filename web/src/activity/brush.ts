/** Days that were chosen, by their places. */
export interface Span {
  from: number;
  to: number;
}

/** Where the keys are: on a day, and if some are being chosen, the one that this began at. */
export interface Cursor {
  at: number;
  began: number | undefined;
}

export const spanOf = ({ at, began = at }: Cursor): Span => ({ from: Math.min(at, began), to: Math.max(at, began) });

/** Where a key leads among so many days; undefined for a key that leads nowhere. */
export function step(cursor: Cursor, key: string, shift: boolean, days: number): Cursor | undefined {
  const to = { ArrowLeft: cursor.at - 1, ArrowRight: cursor.at + 1, Home: 0, End: days - 1, PageUp: cursor.at - 7, PageDown: cursor.at + 7 }[key];
  if (to === undefined) {
    return undefined;
  }
  return { at: Math.max(0, Math.min(days - 1, to)), began: shift ? (cursor.began ?? cursor.at) : undefined };
}
