import { IconArrowNarrowRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { valueWords } from '../../episodes/shared';
import { date, text, type Status } from '../../text';
import { episodeText } from '../../text/episode';
import { StatusWord } from '../../ui';
import { around, diffWords, type Part } from '../diff';
import css from './Values.module.css';

const arrow = <IconArrowNarrowRight className={css['arrow']} size={12} stroke={1.75} aria-hidden="true" />;

/** What a field was and what it became. */
export function Values({ field, old, now }: { field: string; old: unknown; now: unknown }) {
  if (field === 'status' && typeof old === 'string' && typeof now === 'string') {
    return (
      <>
        <StatusWord small status={old as Status} />
        {arrow}
        <StatusWord small status={now as Status} />
      </>
    );
  }
  if (field === 'categories') {
    return <Categories old={(old ?? []) as string[]} now={(now ?? []) as string[]} />;
  }
  if (field === 'description' && typeof old === 'string' && typeof now === 'string') {
    return <Words old={old} now={now} />;
  }
  const empty = (value: unknown) => value === null || value === undefined || value === '';
  return (
    <>
      {!empty(old) && field !== 'thumbnail_url' && <Was>{words(field, old)}</Was>}
      {!empty(old) && field !== 'thumbnail_url' && arrow}
      {empty(now) ? <span className={css['faint']}>{field === 'thumbnail_url' ? text.edits.picture.none : text.edits.none.toLowerCase()}</span> : <Becomes>{words(field, now)}</Becomes>}
    </>
  );
}

const longest = 120; // letters of a text that is new as a whole

function words(field: string, value: unknown): string {
  if (field === 'air_date' && typeof value === 'string') {
    return date(value, '');
  }
  const all = valueWords(field, value);
  return all.length > longest ? `${all.slice(0, longest)}…` : all;
}

function Categories({ old, now }: { old: readonly string[]; now: readonly string[] }) {
  const stayed = now.filter((name) => old.includes(name));
  return (
    <>
      {stayed.length > 0 && <span className={css['faint']}>{stayed.join(', ')}</span>}
      {old.filter((name) => !now.includes(name)).map((name) => (
        <Was key={name}>{episodeText.timeline.minus({ name })}</Was>
      ))}
      {now.filter((name) => !old.includes(name)).map((name) => (
        <Becomes key={name}>{episodeText.timeline.plus({ name })}</Becomes>
      ))}
    </>
  );
}

/** The part of a long text that has changed, with a few words beside it. */
function Words({ old, now }: { old: string; now: string }) {
  const [all, setAll] = useState(false);
  const parts = useMemo(() => diffWords(old, now), [old, now]);
  const short = useMemo(() => around(parts), [parts]);
  const cut = short.some(({ words: some }, i) => some !== parts[i]?.words);
  return (
    <span className={css['text']}>
      {(all ? parts : short).map((part, i) => (
        <Piece key={i} part={part} />
      ))}
      {cut && !all && (
        <>
          {' '}
          <button type="button" className={css['all']} onClick={() => setAll(true)}>
            {episodeText.timeline.showAll}
          </button>
        </>
      )}
    </span>
  );
}

function Piece({ part: { is, words: some } }: { part: Part }) {
  return is === 'was' ? <Was>{some}</Was> : is === 'now' ? <Becomes>{some}</Becomes> : some;
}

function Was({ children }: { children: string }) {
  return <del className={css['was']}>{children}</del>;
}

function Becomes({ children }: { children: string }) {
  return <ins className={css['now']}>{children}</ins>;
}
