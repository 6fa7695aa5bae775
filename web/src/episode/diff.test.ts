import { describe, expect, it } from 'vitest';

import { around, diffWords } from './diff';

const show = (was: string, now: string) => diffWords(was, now).map(({ is, words }) => `${is === 'was' ? '-' : is === 'now' ? '+' : '='}${words}`);

describe('what has changed in a text', () => {
  it('is told by words', () => {
    expect(show('The Second Keeper', 'The Other Keeper')).toEqual(['=The', '- Second', '+ Other', '= Keeper']);
    expect(show('a b', 'a b c')).toEqual(['=a b', '+ c']);
    expect(show('', 'new words')).toEqual(['+new words']);
    expect(show('same', 'same')).toEqual(['=same']);
  });

  it('keeps every letter of both', () => {
    const [was, now] = ['One  two\n\nthree ', ' One two\nthree four'];
    const parts = diffWords(was, now);
    expect(parts.filter(({ is }) => is !== 'now').map(({ words }) => words).join('')).toBe(was);
    expect(parts.filter(({ is }) => is !== 'was').map(({ words }) => words).join('')).toBe(now);
  });

  it('is shown with a few words beside it', () => {
    const long = 'word '.repeat(40);
    const parts = around(diffWords(`${long}old ${long}`, `${long}new ${long}`), 12);
    expect(parts.map(({ words }) => words.length).every((length) => length < 20)).toBe(true);
    expect(parts.map(({ is }) => is)).toEqual(['same', 'was', 'now', 'same']);
  });
});
