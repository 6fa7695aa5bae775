import type { ListFilter } from '../address';
import type { Episode } from './episode';

// The order and the filters of the server, for what changes in a list that was read already. See List in the Go package episode.

type Key = string | number;

/** The text as the server searches and sorts it: without accents and in small letters. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase();
}

function keysOf(sort: string, episode: Episode, byShow: boolean): Key[] {
  switch (sort) {
    case 'title':
      return [fold(episode.title)];
    case 'air_date':
      return [episode.air_date ?? ''];
    case 'updated_at':
      return [Date.parse(episode.updated_at), episode.updated_at];
    case 'created_at':
      return []; // an id begins with the time of creation
    default:
      return [...(byShow ? [episode.show_id ?? 'z'] : []), episode.season_number ?? -1, episode.episode_number ?? -1];
  }
}

/** Compares two episodes as the list has them: less than 0 if a comes first. */
export function comparator({ sort, show }: Pick<ListFilter, 'sort' | 'show'>): (a: Episode, b: Episode) => number {
  const down = sort.startsWith('-');
  const name = down ? sort.slice(1) : sort;
  return (a, b) => {
    const [left, right] = [a, b].map((episode) => [...keysOf(name, episode, show === ''), episode.id]) as [Key[], Key[]];
    const at = left.findIndex((key, i) => key !== right[i]);
    if (at < 0) {
      return 0;
    }
    return (left[at] as Key) < (right[at] as Key) !== down ? -1 : 1;
  };
}

/** Whether an episode belongs into the list. */
export function matches({ show, status, q, airs, deleted }: ListFilter, episode: Episode): boolean {
  return (
    (episode.deleted_at !== undefined) === deleted &&
    (show === '' || episode.show_id === show) &&
    (status.length === 0 || status.includes(episode.status)) &&
    airsThen(airs, episode.air_date) &&
    (q === '' || fold(episode.title).includes(fold(q)))
  );
}

function airsThen(airs: ListFilter['airs'], day: string | null): boolean {
  if (airs === undefined) {
    return true;
  }
  return airs === 'never' ? day === null : day !== null && airs.from <= day && day <= airs.to;
}
