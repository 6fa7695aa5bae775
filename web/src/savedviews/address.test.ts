import { describe, expect, it } from 'vitest';

import { lastingAddress, openAt, savedAddress, viewAddress } from './address';

const pending = { id: 'p', address: '/episodes?status=pending' };
const board = { id: 'b', address: '/episodes?view=board&show=s1' };
const all = [pending, board];

describe('the address of a saved view', () => {
  it('is the same whatever the order of its parameters, and without what passes', () => {
    expect(viewAddress('/episodes?view=board&show=s1')).toBe(viewAddress('/episodes?show=s1&new=1&view=board&saved=b&month=2026-11'));
    expect(viewAddress('/episodes')).toBe('/episodes');
    expect(viewAddress('/episodes?status=draft%2Cpending&q=a+b')).toBe(viewAddress('/episodes?q=a%20b&status=draft,pending'));
  });

  it('says from which view it comes', () => {
    expect(savedAddress(pending)).toBe('/episodes?status=pending&saved=p');
    expect(savedAddress({ id: 'x', address: '/episodes' })).toBe('/episodes?saved=x');
    expect(savedAddress({ id: 'x', address: '/episodes?saved=p&view=calendar&month=2026-11' })).toBe('/episodes?saved=x&view=calendar&month=2026-11');
  });

  it('is come back to with that, but not with a dialog or a month', () => {
    expect(lastingAddress('/episodes?view=calendar&month=2026-11&new=1&saved=p')).toBe('/episodes?saved=p&view=calendar');
  });
});

describe('the view that is open', () => {
  it('is the one that shows the same', () => {
    expect(openAt(all, '/episodes?show=s1&view=board')).toEqual({ view: board, edited: false });
    expect(openAt(all, savedAddress(pending))).toEqual({ view: pending, edited: false });
    expect(openAt(all, '/episodes')).toBeUndefined();
    expect(openAt(all, '/activity?saved=p')).toBeUndefined();
    expect(openAt(all, '/episodes?saved=unknown')).toBeUndefined();
  });

  it('is the one that the address comes from, of two that show the same', () => {
    const twin = { id: 't', address: '/episodes?status=pending' };
    expect(openAt([pending, twin], savedAddress(twin))?.view).toBe(twin);
  });

  it('is edited once its filters are others, until they are those of another one', () => {
    expect(openAt(all, '/episodes?status=pending&q=fog&saved=p')).toEqual({ view: pending, edited: true });
    expect(openAt(all, '/episodes?view=board&show=s1&saved=p')).toEqual({ view: board, edited: false });
  });
});
