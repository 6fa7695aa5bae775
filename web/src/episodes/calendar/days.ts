import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';

import { usePlacings } from '../move/move';
import { episodes } from '../store/episode';

export interface Days {
  /** The episodes of each day, in the order of the list. */
  byDay: ReadonlyMap<string, readonly string[]>;
  /** Episodes that others have moved to another day; they stay where they are until that is taken. */
  strays: readonly string[];
  take: () => void;
}

/** The episodes of a list by the day on which they air. What others change moves nothing until it is taken; what one moves oneself goes at once. */
export function useDays(ids: readonly string[]): Days {
  const [taken, setTaken] = useState(0);
  const own = usePlacings(({ n }) => n);
  // What was taken, and what was moved, is the time at which the days are read anew.
  const days = useMemo(() => ({ at: taken + own, of: new Map(ids.map((id) => [id, episodes.get(id)?.air_date ?? null])) }).of, [ids, taken, own]);
  const byDay = useMemo(() => {
    const grouped = new Map<string, string[]>();
    for (const [id, day] of days) {
      if (day !== null) {
        grouped.set(day, [...(grouped.get(day) ?? []), id]);
      }
    }
    return grouped;
  }, [days]);
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = [...days.keys()].map((id) => episodes.subscribe(id, listener));
      return () => ends.forEach((end) => end());
    },
    [days],
  );
  const straying = useSyncExternalStore(subscribe, () => [...days].flatMap(([id, day]) => (strayed(id, day) ? [id] : [])).join());
  const strays = useMemo(() => (straying ? straying.split(',') : []), [straying]);
  const take = useCallback(() => setTaken((n) => n + 1), []);
  return { byDay, strays, take };
}

function strayed(id: string, day: string | null): boolean {
  const episode = episodes.get(id);
  return episode !== undefined && episode.deleted_at === undefined && episode.air_date !== day;
}
