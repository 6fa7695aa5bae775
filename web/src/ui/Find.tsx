import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

import { text } from '../text';
import { Kbd } from './Kbd';
import css from './Find.module.css';

const pause = 120; // ms after the last key until the search goes out

/** A search in a bar of filters. It tells what is looked for a moment after it was typed; "/" leads to it. */
export function Find({ q, label, onFind }: { q: string; label: string; onFind: (q: string) => void }) {
  const [typed, setTyped] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(q);
  const tell = useRef(onFind);
  useEffect(() => {
    tell.current = onFind;
  });
  useEffect(() => {
    if (q !== sent.current) {
      sent.current = q;
      setTyped(q); // the address has changed by itself: back, or a link
    }
  }, [q]);
  useEffect(() => {
    if (typed === sent.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      sent.current = typed;
      tell.current(typed);
    }, pause);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && (event.target.matches('input, textarea, select') || event.target.isContentEditable);
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, []);
  return (
    <div className={css['find']}>
      <IconSearch size={14} stroke={1.75} aria-hidden="true" />
      <input
        ref={input}
        type="search"
        value={typed}
        placeholder={label}
        aria-label={label}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setTyped('');
            input.current?.blur();
          }
        }}
      />
      {typed ? (
        <button type="button" aria-label={text.clearSearch} onClick={() => setTyped('')}>
          <IconX size={14} stroke={1.75} aria-hidden="true" />
        </button>
      ) : (
        <Kbd>/</Kbd>
      )}
    </div>
  );
}
