import { IconCalendar } from '@tabler/icons-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';

import { date, longDate, parseDay, text } from '../text';
import { Button } from './Button';
import css from './DayInput.module.css';

interface DayInputProps {
  label: string;
  /** The date that it is for the reader, "2026-11-26". */
  today: string;
  value?: string | null;
  /** Told of the date that is meant: null for none, undefined for what is no date. */
  onChange: (day: string | null | undefined) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/** A date as it is typed; below it which one is meant. The calendar of the browser is at the end. */
export function DayInput({ label, today, value = null, onChange, onKeyDown }: DayInputProps) {
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value === null ? '' : date(value, ''));
  const meant = parseDay(typed, today);
  const change = (words: string): void => {
    setTyped(words);
    onChange(parseDay(words, today));
  };
  const hint = meant === undefined ? text.edits.dateUnknown : meant === null ? text.edits.dateHint : longDate(meant, '');
  return (
    <span className={css['day']}>
      <label className={css['label']} htmlFor={id}>
        {label}
      </label>
      <span className={css['pair']}>
        <input id={id} className={css['input']} autoComplete="off" aria-invalid={meant === undefined} aria-describedby={`${id}-hint`} value={typed} onChange={(event) => change(event.target.value)} onKeyDown={onKeyDown} data-autofocus />
        <Button icon look="quiet" label={text.edits.pickDate} onClick={() => picker.current?.showPicker()}>
          <IconCalendar size={16} stroke={1.75} aria-hidden="true" />
        </Button>
        <input ref={picker} type="date" className={css['picker']} tabIndex={-1} aria-hidden="true" value={meant ?? ''} onChange={(event) => change(event.target.value)} />
      </span>
      <span id={`${id}-hint`} className={meant === undefined ? `${css['hint']} ${css['wrong']}` : css['hint']}>
        {hint}
      </span>
    </span>
  );
}
