import { describe, expect, it } from 'vitest';

import { ago, count, date, dayNumber, today } from './format';

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
