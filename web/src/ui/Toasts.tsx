import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

import { text } from '../text';
import css from './Toasts.module.css';

export interface ToastInput {
  words: string;
  more?: string;
  /** bad stays until it is dismissed. */
  look?: 'done' | 'bad';
  /** Takes back what was done: by its button, or Ctrl Z. */
  undo?: () => void;
}

interface Toast extends ToastInput {
  id: number;
}

const most = 3;
const lengths = { plain: 6000, undo: 10_000 }; // ms

const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }));
let last = 0;

/** Says at the edge of the board what was done. The oldest goes when there are too many. */
export function toast(input: ToastInput): void {
  const one = { ...input, id: ++last };
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, one].slice(-most) }));
}

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));
}

/** What just happened. Its timers stand still while it is pointed at, focused, or not on the screen. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts);
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      const one = useToasts.getState().toasts.findLast(({ undo }) => undo);
      if (event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !typing && one) {
        event.preventDefault();
        takeBack(one);
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, []);
  return (
    <div className={css['toasts']} role="region" aria-label={text.toasts.region} aria-live="polite">
      {toasts.map((one) => (
        <Line key={one.id} one={one} />
      ))}
    </div>
  );
}

function takeBack(one: Toast): void {
  dismiss(one.id);
  one.undo?.();
}

function Line({ one }: { one: Toast }) {
  const line = useRef<HTMLDivElement>(null);
  const bad = one.look === 'bad';
  useEffect(() => {
    if (bad) {
      return undefined;
    }
    let left = one.undo ? lengths.undo : lengths.plain;
    const pulse = 250; // ms
    const timer = setInterval(() => {
      if (!document.hidden && !line.current?.matches(':hover, :focus-within')) {
        left -= pulse;
        if (left <= 0) {
          dismiss(one.id);
        }
      }
    }, pulse);
    return () => clearInterval(timer);
  }, [one, bad]);
  return (
    <div ref={line} className={bad ? `${css['toast']} ${css['bad']}` : css['toast']} role={bad ? 'alert' : undefined}>
      {bad ? <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" /> : <IconCheck size={16} stroke={1.75} aria-hidden="true" />}
      <span className={css['words']}>
        {one.words}
        {one.more && <span className={css['more']}>{one.more}</span>}
      </span>
      {one.undo && (
        <button type="button" className={css['act']} onClick={() => takeBack(one)}>
          {text.toasts.undo}
        </button>
      )}
      <button type="button" className={css['close']} aria-label={text.toasts.dismiss} onClick={() => dismiss(one.id)}>
        <IconX size={14} stroke={1.75} aria-hidden="true" />
      </button>
    </div>
  );
}
