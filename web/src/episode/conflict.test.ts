import { describe, expect, it } from 'vitest';

import type { Episode } from '../episodes/shared';
import { chosen, clashes } from './conflict';

const began = { title: 'Low Water', description: 'Words.', air_date: '2026-12-04', categories: ['drama'], version: 3 } as Episode;

describe('two changes of one version', () => {
  it('clash where both changed a field to different values', () => {
    const theirs = { ...began, title: 'High Water', description: 'More words.', categories: ['drama', 'sea'], version: 4 };
    expect(clashes(began, { title: 'Ebb', air_date: '2026-12-05' }, theirs)).toEqual(['title']);
    expect(clashes(began, { title: 'High Water', categories: ['drama', 'sea'] }, theirs)).toEqual([]);
    expect(clashes(began, { description: null, categories: [] }, theirs)).toEqual(['description', 'categories']);
  });

  it('become what was chosen, with what only one changed', () => {
    const theirs = { ...began, title: 'High Water', description: 'More words.', version: 4 };
    const patch = { title: 'Ebb', description: 'Mine.', air_date: '2026-12-05' };
    const clashing = clashes(began, patch, theirs);
    expect(chosen(patch, theirs, new Set(['title']), clashing)).toEqual({ title: 'Ebb', air_date: '2026-12-05' });
    expect(chosen(patch, theirs, new Set(), clashing)).toEqual({ air_date: '2026-12-05' });
    expect(chosen({ title: 'High Water' }, theirs, new Set(['title']), [])).toEqual({});
  });
});
