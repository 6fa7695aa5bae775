import { describe, expect, it } from 'vitest';

import type { ListFilter } from '../address';
import type { Episode } from './episode';
import { comparator, fold, matches } from './order';
import { differenceOf, placed } from './place';

function episode(id: string, fields: Partial<Episode> = {}): Episode {
  return {
    id, title: id, status: 'draft', show_id: null, season_number: null, episode_number: null, air_date: null, categories: [], description: null,
    thumbnail_url: null, created_by: 'u', created_by_name: null, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', version: 1, ...fields,
  };
}

const all: ListFilter = { show: '', status: [], q: '', sort: 'title', deleted: false };

function sorted(sort: ListFilter['sort'], list: Episode[], show = ''): string[] {
  return [...list].sort(comparator({ sort, show })).map(({ id }) => id);
}

describe('the order of a list', () => {
  const list = [
    episode('a', { title: 'Émile', show_id: '0b', season_number: 2, air_date: '1970-01-01' }),
    episode('b', { title: 'ebb', show_id: '0b', season_number: 1, episode_number: 2, updated_at: '2026-01-03T00:00:00Z' }),
    episode('c', { title: 'Ébène', show_id: '0a', season_number: 1, episode_number: 10, air_date: '1970-01-01' }),
    episode('d', { title: 'zoo', air_date: '1960-01-01', updated_at: '2026-01-02T00:00:00Z' }),
    episode('e', { title: 'ebb', show_id: '0b', season_number: 1, episode_number: 1 }),
  ];

  it('is the one that the server has', () => {
    expect(sorted('title', list)).toEqual(['b', 'e', 'c', 'a', 'd']);
    expect(sorted('-title', list)).toEqual(['d', 'a', 'c', 'e', 'b']);
    expect(sorted('air_date', list)).toEqual(['b', 'e', 'd', 'a', 'c']);
    expect(sorted('-updated_at', list)).toEqual(['b', 'd', 'e', 'c', 'a']);
    expect(sorted('number', list)).toEqual(['c', 'e', 'b', 'a', 'd']);
    expect(sorted('number', list.filter(({ show_id }) => show_id === '0b'), '0b')).toEqual(['e', 'b', 'a']);
    expect(sorted('created_at', list)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('filters as the server does', () => {
    const matching = (filter: Partial<ListFilter>) => list.filter((one) => matches({ ...all, ...filter }, one)).map(({ id }) => id);
    expect(matching({ q: 'EB' })).toEqual(['b', 'c', 'e']);
    expect(matching({ q: 'émi' })).toEqual(['a']);
    expect(matching({ show: '0a' })).toEqual(['c']);
    expect(matching({ status: ['approved'] })).toEqual([]);
    expect(matches(all, episode('x', { deleted_at: '2026-01-01T00:00:00Z' }))).toBe(false);
    expect(fold('Ça Élève')).toBe('ca eleve');
  });
});

describe('a list of which episodes change', () => {
  const records = new Map(['b', 'd', 'f'].map((id) => [id, episode(id)]));
  const find = (id: string) => records.get(id);
  const loaded = { ids: ['b', 'd', 'f'], more: false };

  it('tells what a change is to it', () => {
    records.set('c', episode('c'));
    expect(differenceOf(all, loaded, 'c', find)).toBe('added');
    records.set('d', episode('d', { title: 'dd' }));
    expect(differenceOf(all, loaded, 'd', find)).toBeUndefined();
    records.set('d', episode('d', { title: 'z' }));
    expect(differenceOf(all, loaded, 'd', find)).toBe('moved');
    records.set('d', episode('d', { deleted_at: '2026-01-01T00:00:00Z' }));
    expect(differenceOf(all, loaded, 'd', find)).toBe('gone');
    expect(differenceOf({ ...all, q: 'x' }, loaded, 'c', find)).toBeUndefined();
  });

  it('puts them where they belong', () => {
    records.set('d', episode('d', { title: 'z' }));
    records.set('a', episode('a'));
    expect(placed(all, loaded, ['c', 'd', 'a'], find)).toEqual(['a', 'b', 'c', 'f', 'd']);
  });

  it('leaves to later pages what belongs beyond what was read', () => {
    const begun = { ids: ['b', 'f'], more: true };
    records.set('z', episode('z'));
    expect(differenceOf(all, begun, 'z', find)).toBeUndefined();
    expect(placed(all, begun, ['z', 'c'], find)).toEqual(['b', 'c', 'f']);
  });
});
