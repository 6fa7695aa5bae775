import type { FormEvent, ReactNode } from 'react';

import { text } from '../text';
import { Brand } from '../ui';
import { ThemeChoice } from './ThemeChoice';
import css from './Slip.module.css';

interface SlipProps {
  /** At the end of the head: the day, or what this slip is. */
  note: string;
  title: string;
  intro?: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** A slip with ruled lines, pinned to the felt: the form by which one comes in. */
export function Slip({ note, title, intro, onSubmit, children }: SlipProps) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={css['slip']} onSubmit={submit} noValidate aria-label={title}>
      <div className={css['head']}>
        <span className={css['brand']}>
          <Brand />
          {text.product}
        </span>
        <span className={css['note']}>{note}</span>
      </div>
      <h1 className={css['title']}>{title}</h1>
      {intro && <p className={css['intro']}>{intro}</p>}
      {children}
    </form>
  );
}

/** The page of a slip. */
export function Gate({ children }: { children: ReactNode }) {
  return (
    <main className={css['gate']}>
      {children}
      <footer className={css['foot']}>
        <ThemeChoice />
      </footer>
    </main>
  );
}
