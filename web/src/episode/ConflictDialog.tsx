import { useMemo, useState } from 'react';

import { valueWords, type Field } from '../episodes/shared';
import { useNow } from '../live';
import { useMe, useZone } from '../session';
import { ago, date, text, type Status } from '../text';
import { episodeText } from '../text/episode';
import { Avatar, Button, Dialog, StatusWord } from '../ui';
import { diffWords, type Part } from './diff';
import { closeConflict, discard, settle, type Conflict } from './drafts';
import css from './ConflictDialog.module.css';

/** Two have changed the same: which is kept is chosen field by field. Escape goes back to typing. */
export default function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const { draft, theirs, fields, by = { id: '', name: text.someone }, again } = conflict;
  const me = useMe();
  const now = useNow();
  const zone = useZone();
  const [mine, setMine] = useState<ReadonlySet<Field>>(() => new Set(fields));
  const name = by.name.split(' ')[0] ?? by.name;
  const words = episodeText.conflict;
  const since = ago(Date.parse(theirs.updated_at), now, zone);
  const when = since === undefined ? episodeText.justNow : episodeText.agoLong({ when: since });
  const choose = (field: Field, isMine: boolean): void => {
    setMine((before) => new Set([...before].filter((one) => one !== field).concat(isMine ? [field] : [])));
  };
  return (
    <Dialog
      title={words.title({ name })}
      why={again ? words.again({ name }) : words.why}
      wide
      onClose={() => closeConflict(conflict)}
      acts={
        <>
          <Button look="quiet" className={css['discard']} onClick={() => discard(conflict)}>
            {words.discard}
          </Button>
          <span className={css['gap']} />
          <Button look="quiet" onClick={() => closeConflict(conflict)}>
            {words.back}
          </Button>
          <Button look="ink" onClick={() => settle(conflict, mine)}>
            {words.save}
          </Button>
        </>
      }
    >
      <div role="alert" className="vh">
        {words.title({ name })}
      </div>
      <div className={css['grid']}>
        <div className={css['head']} />
        <div className={css['head']}>
          <Avatar person={me} size="small" />
          <span>
            <b>{words.yours}</b>
            {words.notSaved}
          </span>
          <button type="button" className={css['link']} onClick={() => setMine(new Set(fields))}>
            {words.keepAll}
          </button>
        </div>
        <div className={css['head']}>
          <Avatar person={by} size="small" />
          <span>
            <b>{words.theirs({ name })}</b>
            {words.savedAgo({ when })}
          </span>
          <button type="button" className={css['link']} onClick={() => setMine(new Set())}>
            {words.takeAll}
          </button>
        </div>
        {fields.map((field) => (
          <fieldset key={field} className={css['field']}>
            <legend className={css['name']}>{text.edits.fields[field] ?? field}</legend>
            {[true, false].map((isMine) => {
              const on = mine.has(field) === isMine;
              return (
                <label key={String(isMine)} className={on ? `${css['choice']} ${css['on']}` : css['choice']}>
                  <input type="radio" name={`conflict-${field}`} checked={on} onChange={() => choose(field, isMine)} />
                  <span className={css['value']}>
                    <Value field={field} value={isMine ? draft.patch[field] : theirs[field]} other={isMine ? theirs[field] : draft.patch[field]} />
                  </span>
                  <span className={css['whose']}>{isMine ? words.yours : words.theirs({ name })}</span>
                </label>
              );
            })}
          </fieldset>
        ))}
      </div>
    </Dialog>
  );
}

/** A value with what differs from the other one under the highlighter. */
function Value({ field, value, other }: { field: Field; value: unknown; other: unknown }) {
  const parts = useMemo((): Part[] => {
    const [a, b] = [other, value].map((one) => (field === 'title' || field === 'description' ? ((one ?? '') as string) : ''));
    return diffWords(a ?? '', b ?? '').filter(({ is }) => is !== 'was');
  }, [field, value, other]);
  if (value === null || value === undefined || value === '') {
    return <i className={css['empty']}>{episodeText.conflict.empty}</i>;
  }
  if (field === 'status') {
    return <StatusWord status={value as Status} />;
  }
  if (field === 'title' || field === 'description') {
    return parts.map(({ is, words }, i) => (is === 'now' ? <mark key={i}>{words}</mark> : <span key={i}>{words}</span>));
  }
  return <mark>{field === 'air_date' ? date(value as string, '') : valueWords(field, value)}</mark>;
}
