import { describe, expect, it } from 'vitest';

import { choice, choices, readSearch, textParam, writeSearch } from './search';

const params = { q: textParam(), sort: choice(['number', '-title'], 'number'), cols: choices(['title', 'status', 'show']) };

describe('the parameters of an address', () => {
  it('are read, with defaults for what is missing or no value', () => {
    expect(readSearch(params, '?q=fog&sort=-title&cols=show,nonsense,title')).toEqual({ q: 'fog', sort: '-title', cols: ['show', 'title'] });
    expect(readSearch(params, '?sort=price')).toEqual({ q: '', sort: 'number', cols: [] });
  });

  it('leave defaults out, and what is not theirs as it is', () => {
    expect(writeSearch(params, { q: 'a b', sort: 'number', cols: ['status', 'title'] }, '?view=board&sort=-title')).toBe('?view=board&q=a+b&cols=status%2Ctitle');
    expect(writeSearch(params, { q: '' }, '?q=fog')).toBe('');
  });
});
