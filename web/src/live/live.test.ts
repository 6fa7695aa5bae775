import { describe, expect, it, vi } from 'vitest';

import { Marks } from './marks';
import { Queue, type Heard } from './queue';
import { Records } from './records';

const heard = (event: string): Heard => ({ message: { event } as Heard['message'], source: 'live' });

describe('the queue', () => {
  it('applies what came between two frames at once, in order', () => {
    let frame: () => void = () => undefined;
    const queue = new Queue((callback) => (frame = callback));
    const batches: string[][] = [];
    queue.applies((batch) => batches.push(batch.map(({ message }) => message.event)));
    ['a', 'b', 'c'].forEach((event) => queue.push(heard(event)));
    expect(batches).toEqual([]);
    frame();
    queue.push(heard('d'));
    frame();
    expect(batches).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('lets nobody who fails hold up the others', () => {
    vi.stubGlobal('reportError', () => undefined);
    const queue = new Queue((callback) => callback());
    const applied = vi.fn();
    queue.applies(() => {
      throw new Error('broken');
    });
    queue.applies(applied);
    queue.push(heard('a'));
    expect(applied).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});

describe('records', () => {
  it('tell those alone who show the one that changed', () => {
    const records = new Records<{ id: string; n: number }>();
    records.put({ id: 'a', n: 1 });
    records.put({ id: 'b', n: 1 });
    const [a, b] = [vi.fn(), vi.fn()];
    records.subscribe('a', a);
    records.subscribe('b', b);
    records.put({ id: 'a', n: 2 });
    expect(a).toHaveBeenCalledOnce();
    expect(b).not.toHaveBeenCalled();
  });

  it('show edits on top of what is saved, until they are done', () => {
    const records = new Records<{ id: string; n: number; m: number }>();
    records.put({ id: 'a', n: 1, m: 1 });
    const [first, second] = [records.edit('a', { n: 2 }), records.edit('a', { n: 3 })];
    records.put({ id: 'a', n: 1, m: 5 });
    expect(records.get('a')).toEqual({ id: 'a', n: 3, m: 5 });
    expect(records.saved('a')).toEqual({ id: 'a', n: 1, m: 5 });
    second();
    expect(records.get('a')?.n).toBe(2);
    first();
    expect(records.get('a')?.n).toBe(1);
    expect(records.saving('a')).toBe(false);
  });

  it('forget what nobody shows', () => {
    const records = new Records<{ id: string }>();
    ['a', 'b', 'c', 'd'].forEach((id) => records.put({ id }));
    records.subscribe('b', () => undefined);
    records.trim(2, new Set(['c']));
    expect(['a', 'b', 'c', 'd'].filter((id) => records.get(id))).toEqual(['b', 'c']);
  });
});

describe('marks', () => {
  it('are 40 at most in a batch; who it was is said beyond that', () => {
    const marks = new Marks();
    marks.begin();
    for (let i = 0; i < 30; i++) {
      marks.add(`e${i}`, ['title', 'status'], { id: 'u', name: 'Mira' });
    }
    expect([...Array(30).keys()].reduce((sum, i) => sum + marks.of(`e${i}`).size - 1, 0)).toBe(40);
    expect(marks.of('e29').get('')?.name).toBe('Mira');
  });

  it('end once, and only if they are still there', () => {
    const marks = new Marks();
    marks.begin();
    marks.add('e', ['title'], { id: 'u', name: 'Mira' });
    const first = marks.of('e').get('title');
    marks.add('e', ['title'], { id: 'v', name: 'Ben' });
    marks.end('e', 'title', first as never);
    expect(marks.of('e').get('title')?.name).toBe('Ben');
  });
});
