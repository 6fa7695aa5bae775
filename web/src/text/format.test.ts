import { describe, expect, it } from 'vitest';

import { ago, count, date, dayNumber, duration, fileSize, longDuration, percent, series, today } from './format';

const now = Date.parse('2026-11-26T10:00:00Z');

describe('times and dates', () => {
  it('are as short as they can be', () => {
    const at = (seconds: number) => ago(now - seconds * 1000, now, 'UTC');
    expect([at(10), at(60), at(40 * 60), at(5 * 3600), at(3 * 86_400), at(-5)]).toEqual([undefined, '1 min', '40 min', '5 h', '3 d', undefined]);
    expect(at(9 * 86_400)).toBe('17 Nov');
    expect(at(400 * 86_400)).toBe('22 Oct 2025');
  });

  it('are not shifted when they are dates', () => {
    expect(date('2026-12-04', '2026-11-26')).toBe('4 Dec');
    expect(date('2027-01-08', '2026-11-26')).toBe('8 Jan 2027');
    expect(dayNumber('2026-12-04') - dayNumber('2026-11-26')).toBe(8);
    expect(today(Date.parse('2026-11-26T23:30:00Z'), 'Pacific/Auckland')).toBe('2026-11-27');
    expect(today(Date.parse('2026-11-26T03:30:00Z'), 'America/New_York')).toBe('2026-11-25');
  });

  it('have their plural', () => {
    expect([count(1, 'day', 'days'), count(1200, 'day', 'days')]).toEqual(['1 day', '1,200 days']);
  });
});

describe('numbers with a unit', () => {
  it('are as short as they can be', () => {
    expect([0.04, 0.25, 40, 600, 9000].map(duration)).toEqual(['under 0.1 s', '0.3 s', '40 s', '10 min', '2.5 h']);
    expect([0.2, 38, 120, 7200].map(longDuration)).toEqual(['1 second', '38 seconds', '2 minutes', '2 hours']);
    expect([1, 254, 25_460, 1_234_567, 250_000_000].map(fileSize)).toEqual(['1 byte', '254 bytes', '25.5 KB', '1.2 MB', '250 MB']);
    expect([percent(0), percent(42), percent(100)]).toEqual(['0%', '42%', '100%']);
  });

  it('stand side by side, without what is empty', () => {
    expect(series(['CSV', undefined, '', 'this and that'])).toBe('CSV, this and that');
  });
});
