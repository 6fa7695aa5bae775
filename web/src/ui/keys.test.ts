import { describe, expect, it } from 'vitest';

import { isSingle } from './keys';

/** A key as somebody pressed it on an element. */
function pressed(element: HTMLElement, key: string, how: KeyboardEventInit = {}): KeyboardEvent {
  document.body.append(element);
  let event: KeyboardEvent | undefined;
  element.addEventListener('keydown', (heard) => (event = heard));
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...how }));
  element.remove();
  return event as KeyboardEvent;
}

describe('a single key', () => {
  const at = (name: string) => document.createElement(name);

  it('is a letter or a sign by itself', () => {
    expect(['j', '?', '.', 'U'].map((key) => isSingle(pressed(at('button'), key)))).toEqual([true, true, true, true]);
    expect(['Enter', 'Escape', ' ', 'ArrowDown', 'F2'].map((key) => isSingle(pressed(at('button'), key)))).toEqual(Array(5).fill(false));
    expect([{ ctrlKey: true }, { metaKey: true }, { altKey: true }].map((how) => isSingle(pressed(at('button'), 'k', how)))).toEqual([false, false, false]);
  });

  it('is none where something is written', () => {
    expect(['input', 'textarea', 'select'].map((name) => isSingle(pressed(at(name), 'j')))).toEqual([false, false, false]);
  });
});
