import { describe, expect, it } from 'vitest';

import { parseDay, readDay } from './day';

const today = '2026-11-26'; // a Thursday

describe('a date that is typed', () => {
  it('may be said in many ways', () => {
    const meant = (typed: string) => parseDay(typed, today);
    expect(['2026-12-04', '4 dec', '4. December', 'dec 4', '4.12.', '4/12', '4 Dec 2026'].map(meant)).toEqual(Array(7).fill('2026-12-04'));
    expect(['today', 'tomorrow', '+7', '-1', 'fri', 'Thursday', 'mon'].map(meant)).toEqual(['2026-11-26', '2026-11-27', '2026-12-03', '2026-11-25', '2026-11-27', '2026-12-03', '2026-11-30']);
  });

  it('is the next such day without a year', () => {
    expect(parseDay('3 mar', today)).toBe('2027-03-03');
    expect(parseDay('26 nov', today)).toBe('2026-11-26');
  });

  it('may be none', () => {
    expect(parseDay('  ', today)).toBeNull();
    expect(['soon', '31 feb', '2026-13-01', '45', 'decadent'].map((typed) => parseDay(typed, today))).toEqual(Array(5).fill(undefined));
  });
});

describe('a date in a cell of a sheet', () => {
  const read = (cell: string) => readDay(cell, today);

  it('is read where it means one day', () => {
    expect(['2026-12-04', '2026/12/4', '2026-12-04 00:00:00', '2026-12-04T00:00:00Z', '4 Dec', '4 Dec 2026', 'Fri, 4 December 2026', 'Dec 4, 2026'].map(read)).toEqual(Array(8).fill('2026-12-04'));
    expect(['25/12/2026', '12/25/2026', '25.12.2026', '12-25-2026'].map(read)).toEqual(Array(4).fill('2026-12-25'));
    expect(read('4/4/2026')).toBe('2026-04-04');
    expect(read('4 Sep')).toBe('2026-09-04'); // as the board writes what has been this year
    expect(read('')).toBeNull();
  });

  it('is refused where it may be either of two, and where it is none', () => {
    expect(read('4/5/2026')).toEqual(['2026-05-04', '2026-04-05']);
    expect(read('04.05.2026')).toEqual(['2026-05-04', '2026-04-05']);
    expect(['4/5', '4.5.26', 'fri', '+7', 'tomorrow', 'TBA', '31 feb', '2026-13-01', '46000', '13/13/2026'].map(read)).toEqual(Array(10).fill(undefined));
  });
});
