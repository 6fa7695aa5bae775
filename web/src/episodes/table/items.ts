import type { ListFilter } from '../address';
import type { Find } from '../store/place';

/** What the table has under each other: heads of groups, and rows. */
export type Item = GroupItem | { kind: 'row'; key: string };

export interface GroupItem {
  kind: 'group';
  key: string;
  show: string | null;
  season: number | null;
  /** The episodes of the group, as far as they were read. */
  ids: readonly string[];
  /** Whether all of them were read. */
  whole: boolean;
}

/** Whether a list has groups: by number, which is by show and season. */
export function grouped({ sort }: Pick<ListFilter, 'sort'>): boolean {
  return sort === 'number' || sort === '-number';
}

/** Returns the rows of a list, below the heads of their groups. Those of folded groups are left out. */
export function itemsOf(ids: readonly string[], more: boolean, folded: ReadonlySet<string>, find: Find): Item[] {
  const items: Item[] = [];
  let group: (GroupItem & { ids: string[] }) | undefined;
  for (const id of ids) {
    const episode = find(id);
    const show = episode?.show_id ?? null;
    const season = episode?.season_number ?? null;
    if (group?.show !== show || group.season !== season) {
      group = { kind: 'group', key: `group:${show ?? ''}:${season ?? ''}`, show, season, ids: [], whole: true };
      items.push(group);
    }
    group.ids.push(id);
    if (!folded.has(group.key)) {
      items.push({ kind: 'row', key: id });
    }
  }
  if (group && more) {
    group.whole = false;
  }
  return items;
}

export function rowsOf(ids: readonly string[]): Item[] {
  return ids.map((key) => ({ kind: 'row', key }));
}
