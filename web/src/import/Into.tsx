import { useId, useState } from 'react';

import { useShows } from '../shows/shared';
import { importsText } from '../text/imports';
import type { StepProps } from './ImportPage';
import css from './import.module.css';

const brandNew = 'new';

/** Which show the episodes go into: one of those that are there, a new one, or those that the file names. */
export function Into({ address: { show, title }, change }: StepProps) {
  const shows = useShows();
  const id = useId();
  const [naming, setNaming] = useState(title !== '');
  const [typed, setTyped] = useState(title);
  const [named, setNamed] = useState(title);
  if (named !== title) { // by going back, or on
    setNamed(title);
    setTyped(title);
  }
  const words = importsText;
  const isNew = naming && show === '';
  return (
    <div className={css['into']}>
      <label htmlFor={id} className={css['label']}>
        {words.into}
      </label>
      <select
        id={id}
        className={css['select']}
        value={isNew ? brandNew : show}
        onChange={({ target: { value } }) => {
          setNaming(value === brandNew);
          change({ show: value === brandNew ? '' : value, title: '' }, { replace: true });
        }}
      >
        <option value="">{words.noShow}</option>
        {shows.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
        <option value={brandNew}>{words.newShow}</option>
      </select>
      {isNew && (
        <input
          className={css['input']}
          aria-label={words.newShowName}
          placeholder={words.newShowName}
          maxLength={255}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => change({ title: typed.trim() }, { replace: true })}
          onKeyDown={(event) => event.key === 'Enter' && change({ title: typed.trim() }, { replace: true })}
        />
      )}
    </div>
  );
}
