import { describe, expect, it } from 'vitest';

import { monthAfter } from '../address';
import { daysOf, stepDay } from './month';

describe('the days of a month', () => {
  it('are six whole weeks', () => {
    const days = daysOf('2026-11', 0);
    expect([days[0], days[6], days[41]]).toEqual(['2026-10-26', '2026-11-01', '2026-12-06']);
    expect(daysOf('2026-11', 6)[0]).toBe('2026-11-01'); // where weeks begin on Sunday
    expect(daysOf('2027-02', 0)[0]).toBe('2027-02-01');
    expect(daysOf('2024-02', 0)).toContain('2024-02-29');
    expect(daysOf('1969-12', 0)[0]).toBe('1969-12-01');
  });

  it('follow each other over the end of a year', () => {
    expect(monthAfter('2026-11', 2)).toBe('2027-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
  });
});

describe('the keys that carry an episode', () => {
  const days = daysOf('2026-11', 0);

  it('lead to days and weeks, and not beyond what is shown', () => {
    expect(stepDay('2026-11-10', 'ArrowRight', days, '2026-11-01')).toBe('2026-11-11');
    expect(stepDay('2026-11-10', 'ArrowUp', days, '2026-11-01')).toBe('2026-11-03');
    expect(stepDay('2026-10-26', 'ArrowLeft', days, '2026-11-01')).toBeUndefined();
    expect(stepDay('2026-11-10', 'x', days, '2026-11-01')).toBeUndefined();
  });

  it('begin somewhere for what has no day', () => {
    expect(stepDay('', 'ArrowDown', days, '2026-11-24')).toBe('2026-11-24');
  });
});
