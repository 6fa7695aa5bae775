import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Toasts } from './Toasts';
import { dismiss, toast, undoable, useToasts } from './toast';

describe('toasts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    render(<Toasts />);
  });
  afterEach(() => {
    useToasts.getState().shown.forEach(({ id }) => dismiss(id));
    vi.useRealTimers();
  });
  const told = () => useToasts.getState().shown.map(({ words }) => words);
  const after = (ms: number) => act(() => {
      vi.advanceTimersByTime(ms);
    });

  it('go after 6 s, those that can be undone after 10 s, and refusals stay', () => {
    act(() => {
      toast({ words: 'done' });
      toast({ words: 'deleted', undo: () => Promise.resolve() });
      toast({ look: 'bad', words: 'refused', more: 'why' });
    });
    after(6000);
    expect(told()).toEqual(['deleted', 'refused']);
    after(4000);
    expect(told()).toEqual(['refused']);
    after(600_000);
    expect(screen.getByRole('alert').textContent).toContain('why');
  });

  it('stand still while they are looked at', () => {
    act(() => void toast({ words: 'done' }));
    after(5000);
    fireEvent.pointerEnter(screen.getByRole('region'));
    after(60_000);
    expect(told()).toEqual(['done']);
    fireEvent.pointerLeave(screen.getByRole('region'));
    after(1000);
    expect(told()).toEqual([]);
  });

  it('are three at most, of which refusals are the last to go', () => {
    act(() => {
      toast({ look: 'bad', words: 'refused' });
      ['a', 'b', 'c'].forEach((title) => toast({ words: title }));
    });
    expect(told()).toEqual(['refused', 'b', 'c']);
  });

  it('undo by the key, the last one first, and say why they could not', async () => {
    const first = vi.fn(() => Promise.reject(new Error('Mira changed it since.')));
    const second = vi.fn(() => Promise.resolve());
    act(() => {
      toast({ words: 'a', undo: first });
      toast({ words: 'b', undo: second });
    });
    after(20_000); // the key works on after they have gone
    await act(async () => {
      fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
      await Promise.resolve();
    });
    expect(second).toHaveBeenCalledOnce();
    expect(first).not.toHaveBeenCalled();
    await act(async () => {
      fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(screen.getByRole('alert').textContent).toContain('Mira changed it since.');
  });

  it('undo one after the other, however fast the key is pressed', async () => {
    let end: () => void = () => undefined;
    const first = vi.fn(() => Promise.resolve());
    const second = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    await act(async () => {
      toast({ words: 'a', undo: first });
      toast({ words: 'b', undo: second });
      fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
      fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(second).toHaveBeenCalledOnce();
    expect(first).not.toHaveBeenCalled();
    await act(async () => {
      end();
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(first).toHaveBeenCalledOnce();
  });

  it('undo what is still being done once it is done, and nothing else where it is refused', async () => {
    const [before, now] = [vi.fn(), vi.fn()];
    const doing = undoable(async (answer: Promise<unknown>) => {
      await answer;
      toast({ words: 'b', undo: now });
    });
    const press = () => fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
    await act(async () => {
      toast({ words: 'a', undo: before });
      const refused = doing(Promise.reject(new Error('no')));
      press();
      await refused.catch(() => undefined);
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(before).not.toHaveBeenCalled();
    await act(async () => {
      const done = doing(vi.advanceTimersByTimeAsync(100));
      press();
      expect(now).not.toHaveBeenCalled();
      await done;
      await vi.advanceTimersByTimeAsync(0);
    });
    expect(now).toHaveBeenCalledOnce();
    expect(before).not.toHaveBeenCalled();
  });
});
