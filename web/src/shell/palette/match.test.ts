import { describe, expect, it } from 'vitest';

import { matches, split } from './match';

describe('what was typed', () => {
  it('is found in a name, whatever its case', () => {
    expect(matches('The Other Keeper', 'keep')).toBe(true);
    expect(matches('Inbox', '')).toBe(true);
    expect(matches('Inbox', 'keep')).toBe(false);
  });

  it('is pointed out', () => {
    expect(split('The Other Keeper', 'keep')).toEqual([{ is: false, part: 'The Other ' }, { is: true, part: 'Keep' }, { is: false, part: 'er' }]);
    expect(split('Keep', 'keep')).toEqual([{ is: true, part: 'Keep' }]);
    expect(split('İstanbul', 'stan')).toEqual([{ is: false, part: 'İstanbul' }]);
  });
});
