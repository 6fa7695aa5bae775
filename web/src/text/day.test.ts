import { describe, expect, it } from 'vitest';

import { parseDay } from './day';

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
