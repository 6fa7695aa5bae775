import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useRef, useState } from 'react';

import { text } from '../text';
import { Button } from './Button';
import css from './Secret.module.css';

/** Something secret that is shown this once: a token, or a password that was made. */
export function Secret({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      input.current?.select(); // it can still be copied by hand
    }
  };
  return (
    <>
      <div className={css['line']}>
        <input ref={input} className={css['value']} aria-label={label} value={value} readOnly onFocus={({ target }) => target.select()} />
        <Button onClick={() => void copy()}>
          {copied ? <IconCheck size={14} stroke={1.75} aria-hidden="true" /> : <IconCopy size={14} stroke={1.75} aria-hidden="true" />}
          <span role="status">{copied ? text.secret.copied : text.secret.copy}</span>
        </Button>
      </div>
      <p className={css['why']}>{text.secret.once}</p>
    </>
  );
}
