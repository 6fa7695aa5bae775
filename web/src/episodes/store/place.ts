import type { ListFilter } from '../address';
import type { Episode } from './episode';
import { comparator, matches } from './order';

/** A list as far as it was read. */
export interface Loaded {
  ids: readonly string[];
  /** Whether more follows that was not read. */
  more: boolean;
}

export type Find = (id: string) => Episode | undefined;

/** What an episode that has changed is to a list: new in it, at another place, no longer in it, or nothing of it. */
export type Difference = 'added' | 'moved' | 'gone' | undefined;

export function differenceOf(filter: ListFilter, loaded: Loaded, id: string, find: Find): Difference {
  const episode = find(id);
  const at = loaded.ids.indexOf(id);
  const belongs = episode !== undefined && matches(filter, episode);
  if (at < 0) {
    return belongs && placeOf(filter, loaded, episode, find) !== undefined ? 'added' : undefined;
  }
  if (!belongs) {
    return 'gone';
  }
  const compare = comparator(filter);
  const before = at > 0 ? find(loaded.ids[at - 1] as string) : undefined;
  const after = at + 1 < loaded.ids.length ? find(loaded.ids[at + 1] as string) : undefined;
  return (before && compare(before, episode) > 0) || (after && compare(episode, after) > 0) ? 'moved' : undefined;
}

/** Where an episode goes into a list that does not hold it; undefined when that is beyond what was read. */
export function placeOf(filter: ListFilter, { ids, more }: Loaded, episode: Episode, find: Find): number | undefined {
  const compare = comparator(filter);
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = find(ids[middle] as string);
    if (other && compare(other, episode) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low === ids.length && more ? undefined : low;
}

/** Returns the list with the episodes that have changed where they belong now. */
export function placed(filter: ListFilter, loaded: Loaded, changed: Iterable<string>, find: Find): string[] {
  const moving = new Set(changed);
  const ids = loaded.ids.filter((id) => !moving.has(id));
  for (const id of moving) {
    const episode = find(id);
    if (episode && matches(filter, episode)) {
      const at = placeOf(filter, { ids, more: loaded.more }, episode, find);
      if (at !== undefined) {
        ids.splice(at, 0, id);
      }
    }
  }
  return ids;
}
