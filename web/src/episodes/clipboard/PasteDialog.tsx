import { IconArrowNarrowRight } from '@tabler/icons-react';
import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';

import { useLamp, useNow } from '../../live';
import { useZone } from '../../session';
import { date, text, today } from '../../text';
import { clipboardText } from '../../text/clipboard';
import { listsText } from '../../text/lists';
import { Bar, Button, Dialog, SelectField } from '../../ui';
import type { ColumnId } from '../address';
import { changeMany, type Refusal } from '../bulk';
import { RefusedDialog } from '../select/RefusedDialog';
import { episodes, type Episode } from '../store/episode';
import { Marked } from '../table/cells';
import { focusList } from '../table/focus';
import { isTarget, nameOf, type Target } from './cells';
import { inOrder, namedColumns, planOf, type Difference, type Into, type Line } from './plan';
import type { Pasted } from './useClipboard';
import css from './PasteDialog.module.css';

const mostLeftOut = 50; // cells that are listed
const longest = 200; // letters of one that are shown, enough to find it by

/** What pasting would change, cell by cell, before it does. */
export default function PasteDialog({ pasted, columns, onClose }: { pasted: Pasted; columns: readonly ColumnId[]; onClose: () => void }) {
  const { rows, ids, column, selected } = pasted;
  const named = useMemo(() => namedColumns(rows) !== undefined, [rows]);
  const [into, setInto] = useState<Into>(named ? 'names' : column);
  const [busy, setBusy] = useState<number>();
  const [refused, setRefused] = useState<{ done: number; refusals: Refusal[] }>();
  const offline = useLamp(({ signal }) => signal === 'offline');
  const now = today(useNow(), useZone());
  const seen = useSaved(ids);
  const plan = useMemo(() => planOf(rows, { episodes: seen, columns, into, fill: selected, today: now }), [rows, seen, columns, into, selected, now]);
  const n = plan.lines.reduce((sum, { differences }) => sum + differences.length, 0);
  const publishes = plan.lines.some(({ patch }) => patch.status === 'published');
  const done = (): void => {
    onClose();
    focusList();
  };
  const apply = async (): Promise<void> => {
    setBusy(0);
    const words = (changed: Episode[]): string => clipboardText.changed({ n: changed.length, title: changed[0]?.title ?? '' });
    const refusals = await changeMany(inOrder(plan.lines), { words, ...(publishes && { more: listsText.everyoneTold }) }, setBusy);
    if (refusals.length > 0) {
      setRefused({ done: plan.lines.length - refusals.length, refusals });
    } else {
      done();
    }
  };
  if (refused) {
    return <RefusedDialog {...refused} why={clipboardText.refusedWhy} onClose={done} />;
  }
  const off = n === 0 || offline;
  return (
    <Dialog
      wide
      title={clipboardText.title({ n: plan.into })}
      why={clipboardText.why}
      onClose={() => busy === undefined && done()}
      acts={
        busy === undefined ? (
          <>
            <Button onClick={done}>{text.cancel}</Button>
            <Button look="ink" aria-disabled={off} title={offline ? text.live.notNow : n === 0 ? clipboardText.notNow : undefined} onClick={() => !off && void apply()}>
              {n === 0 ? clipboardText.nothing : clipboardText.change({ n })}
            </Button>
          </>
        ) : (
          <span className={css['busy']} role="status">
            {listsText.progress({ done: busy, of: plan.lines.length })}
            <Bar value={(busy / plan.lines.length) * 100} label={clipboardText.applying} />
          </span>
        )
      }
    >
      <div className={css['into']}>
        <SelectField label={clipboardText.into} value={into} onChange={({ target }) => setInto(target.value as Into)}>
          {named && <option value="names">{clipboardText.byNames}</option>}
          {columns.filter((one) => isTarget(one) || one === into).map((one) => (
            <option key={one} value={one}>
              {nameOf(one)}
            </option>
          ))}
        </SelectField>
        <p role="status">{[...(publishes ? [text.episodes.publishingTells] : []), ...notesOf(plan)].join(' ')}</p>
      </div>
      {plan.leftOut.length > 0 && (
        <div className={css['leftOut']}>
          <b>{clipboardText.leftOut({ n: plan.leftOut.length })}</b>
          <ul>
            {plan.leftOut.slice(0, mostLeftOut).map(({ line, target, cell, why }) => (
              <li key={`${line} ${target}`}>
                {clipboardText.leftOutCell({ line, column: nameOf(target), cell: beginning(cell.trim()) })}
                <span>{why}</span>
              </li>
            ))}
            {plan.leftOut.length > mostLeftOut && <li>{listsText.andMore({ n: plan.leftOut.length - mostLeftOut })}</li>}
          </ul>
        </div>
      )}
      <ul className={css['lines']}>
        {plan.lines.map((line) => (
          <Changed key={line.began.id} line={line} />
        ))}
      </ul>
    </Dialog>
  );
}

const beginning = (cell: string): string => (cell.length > longest ? `${cell.slice(0, longest)}…` : cell);

function notesOf(plan: ReturnType<typeof planOf>): string[] {
  return [
    ...(plan.same > 0 ? [clipboardText.same({ n: plan.same })] : []),
    ...(plan.beyond > 0 ? [clipboardText.beyond({ n: plan.beyond })] : []),
    ...(plan.readOnly.length > 0 ? [clipboardText.readOnly({ columns: plan.readOnly })] : []),
    ...(plan.unknown.length > 0 ? [clipboardText.unknown({ columns: plan.unknown })] : []),
    ...(plan.tooWide ? [clipboardText.tooWide] : []),
  ];
}

/** An episode with what changes of it. What somebody else has just changed carries the highlighter, as everywhere. */
function Changed({ line: { began, differences } }: { line: Line }) {
  return (
    <li>
      <b className="cut" dir="auto">
        <span className={css['number']}>{text.episodes.number({ season: began.season_number, episode: began.episode_number })}</span> {began.title}
      </b>
      <dl>
        {differences.map(({ target, fields, after }: Difference) => (
          <div key={target}>
            <dt>{nameOf(target)}</dt>
            <dd>
              <span className="vh">{clipboardText.was}: </span>
              <del dir="auto">
                <Marked id={began.id} field={fields[0] ?? 'title'}>
                  {words(target, began)}
                </Marked>
              </del>
              <IconArrowNarrowRight size={14} stroke={1.75} aria-hidden="true" />
              <span className="vh">{clipboardText.becomes}: </span>
              <ins dir="auto">{words(target, after)}</ins>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** A value as it is read, with the year of a date. */
function words(target: Target, { title, description, status, air_date: day, categories, season_number: season, episode_number: episode }: Episode): string {
  const values: Record<Target, () => string> = {
    title: () => title,
    description: () => description ?? '',
    status: () => text.status[status],
    air_date: () => (day === null ? text.episodes.noDate : date(day, '')),
    categories: () => categories.join(', '),
    season: () => String(season ?? ''),
    episode: () => String(episode ?? ''),
    number: () => text.episodes.number({ season, episode }),
  };
  return values[target]() || clipboardText.empty;
}

/** The episodes as they are saved, now and whenever one of them changes; those that are deleted are left out. */
function useSaved(ids: readonly string[]): readonly Episode[] {
  const subscribe = useCallback(
    (listener: () => void) => {
      const ends = ids.map((id) => episodes.subscribe(id, listener));
      return () => ends.forEach((end) => end());
    },
    [ids],
  );
  const versions = useSyncExternalStore(subscribe, () => ids.map((id) => episodes.saved(id)?.version).join());
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the versions say when they are others
  return useMemo(() => ids.flatMap((id) => episodes.saved(id) ?? []), [ids, versions]);
}
