import { IconAlertTriangle, IconBell, IconCheck, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

import { text } from '../text';
import { Button } from './Button';
import { Kbd } from './Kbd';
import { isTyping, undoKey } from './keys';
import { dismiss, undo, useToasts, type Toast } from './toast';
import css from './Toasts.module.css';

/** How long a toast stays, in milliseconds that nobody looked at it. */
const brief = 6000;
const undoable = 10_000;

const icons = { done: IconCheck, bad: IconAlertTriangle, news: IconBell };

/** The toasts at the end of the page, and the key that undoes. Their time stands still while they are looked at, and while nobody can. */
export function Toasts() {
  const { shown } = useToasts();
  const [over, setOver] = useState(false);
  const hidden = useHidden();
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      const wanted = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key === 'z';
      if (wanted && !isTyping(event) && undo()) {
        event.preventDefault();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, []);
  if (over && shown.length === 0) {
    setOver(false); // what the pointer was over has gone, and so does not say that it left
  }
  return (
    <section
      className={css['toasts']}
      aria-label={text.toasts.region}
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={() => setOver(true)}
      onPointerLeave={() => setOver(false)}
      onFocus={() => setOver(true)}
      onBlur={() => setOver(false)}
    >
      {shown.map((toast) => (
        <Line key={toast.id} toast={toast} still={over || hidden} />
      ))}
    </section>
  );
}

function Line({ toast, still }: { toast: Toast; still: boolean }) {
  const { id, look = 'done', words, more, act } = toast;
  const Icon = toast.icon ?? icons[look];
  const left = useRef(toast.undo ? undoable : brief);
  const stays = look === 'bad';
  useEffect(() => {
    if (still || stays) {
      return undefined;
    }
    const began = Date.now();
    const timer = setTimeout(() => dismiss(id), left.current);
    return () => {
      clearTimeout(timer);
      left.current -= Date.now() - began;
    };
  }, [id, still, stays]);
  return (
    <div className={`${css['toast']} ${css[look]}`} {...(stays ? { role: 'alert' } : {})}>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      <span className={css['words']}>
        <b>{words}</b>
        {more && <span className={css['more']}>{more}</span>}
      </span>
      {act && (
        <Button
          size="small"
          look="quiet"
          onClick={() => {
            dismiss(id);
            act.run();
          }}
        >
          {act.name}
        </Button>
      )}
      {toast.undo && (
        <Button size="small" onClick={() => undo(id)}>
          {text.toasts.undo}
          <Kbd>{undoKey}</Kbd>
        </Button>
      )}
      {!toast.undo && (
        <Button size="small" look="quiet" icon label={text.toasts.dismiss} onClick={() => dismiss(id)}>
          <IconX size={14} stroke={1.75} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

function useHidden(): boolean {
  const [hidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const look = (): void => setHidden(document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return hidden;
}
