import { describe, expect, it } from 'vitest';

import { readSearch } from '../address';
import { activityParams } from './address';
import { spanOf, step } from './brush';
import { addDays, daysBetween, startOf } from './days';
import { fold, matches, type Entry, type Filter } from './store/entry';
import { sentenceOf } from './words';

function entry(change: Partial<Entry>): Entry {
  return {
    id: 'e', pos: 1, action: 'created_episode', source: 'callboard', created_at: '2026-11-19T12:00:00Z', user_id: 'ben', user_name: 'Ben', resource_type: 'episode', resource_id: '1', resource_name: 'Fog', metadata: {},
    ...change,
  };
}

describe('the days of the log', () => {
  it('begin at midnight of the zone, also where its clocks change', () => {
    expect(new Date(startOf('2026-11-19', 'Europe/Berlin')).toISOString()).toBe('2026-11-18T23:00:00.000Z');
    expect(new Date(startOf('2026-10-25', 'Europe/Berlin')).toISOString()).toBe('2026-10-24T22:00:00.000Z');
    expect(new Date(startOf('2026-10-26', 'Europe/Berlin')).toISOString()).toBe('2026-10-25T23:00:00.000Z');
    expect(new Date(startOf('2026-03-08', 'America/Havana')).toISOString()).toBe('2026-03-08T05:00:00.000Z'); // there is no midnight that day
  });

  it('are counted over the ends of months', () => {
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysBetween('2026-10-30', '2026-11-02')).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02']);
  });

  it('are none in an address that makes no sense', () => {
    expect(readSearch(activityParams, 'since=2026-13-45&until=2026-11-19&days=12')).toMatchObject({ since: '', until: '2026-11-19', days: 30 });
  });
});

describe('days that are chosen by keys', () => {
  it('grow from where Shift was first held, and end at the ends', () => {
    const one = step({ at: 5, began: undefined }, 'ArrowLeft', true, 7);
    const two = one && step(one, 'ArrowLeft', true, 7);
    expect(two).toEqual({ at: 3, began: 5 });
    expect(two && spanOf(two)).toEqual({ from: 3, to: 5 });
    expect(two && step(two, 'ArrowRight', false, 7)).toEqual({ at: 4, began: undefined });
    expect(step({ at: 6, began: undefined }, 'ArrowRight', false, 7)).toEqual({ at: 6, began: undefined });
    expect(step({ at: 6, began: undefined }, 'a', false, 7)).toBeUndefined();
  });
});

describe('runs', () => {
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const three = ['a', 'b', 'c'].map((id, i) => entry({ id, created_at: `2026-11-19T12:0${3 - i}:00Z` }));

  it('are of one person, action and day', () => {
    expect(fold(three, dayOf)).toEqual([{ first: three[0], rest: three.slice(1) }]);
    expect(fold(three.slice(1), dayOf)).toHaveLength(2);
    expect(fold([...three.slice(0, 2), entry({ id: 'd', user_id: 'mira' })], dayOf)).toHaveLength(3);
  });

  it('hide no old and new values', () => {
    const changes = { title: { old: 'Low Tide', new: 'Low Water' } };
    expect(fold(three.map((one) => ({ ...one, metadata: { changes } })), dayOf)).toHaveLength(3);
  });
});

describe('an entry', () => {
  it('comes into a list by its filter, and into no search by itself', () => {
    const all: Filter = { q: '', who: '', action: '', type: '', since: '', until: '' };
    expect(matches(all, entry({}))).toBe(true);
    expect(matches({ ...all, who: 'mira' }, entry({}))).toBe(false);
    expect(matches({ ...all, until: '2026-11-19T12:00:00Z' }, entry({}))).toBe(false);
    expect(matches({ ...all, q: 'fog' }, entry({}))).toBe(false);
  });

  it('of an application is told in its own words, cut, also where it uses one of ours', () => {
    expect(sentenceOf(entry({}))).toEqual([{ name: 'Ben' }, ' created ', { name: 'Fog' }]);
    expect(sentenceOf(entry({ source: 'application', action: 'deleted_episode', resource_name: 'x'.repeat(200) }))).toEqual([{ name: 'Ben' }, ' deleted episode ', { name: `${'x'.repeat(80)}…` }]);
  });
});
