import { memo, useRef } from 'react';

import { date, dayNumber, longDate, number, weekdayAbbreviation } from '../../text';
import { calendarText } from '../../text/views';
import { StatusIcon } from '../../ui';
import { useRecord } from '../../live';
import { useCarry } from '../move/carry';
import { useDropTarget } from '../move/drag';
import { useCursor } from '../store/cursor';
import { episodes, type Episode } from '../store/episode';
import { Chip } from './Chip';
import css from './Month.module.css';

const inADay = 3; // episodes that a day shows; the others are counted

interface MonthProps {
  days: readonly string[];
  month: string;
  today: string;
  weekStart: number;
  byDay: ReadonlyMap<string, readonly string[]>;
  /** The first episode: Tab leads to it while the cursor is elsewhere. */
  first: string | undefined;
  phone: boolean;
  onOpen: (day: string) => void;
  onDrop: (began: Episode, place: string) => void;
}

export function Month({ days, month, today, weekStart, byDay, first, phone, onOpen, onDrop }: MonthProps) {
  const cursor = useCursor(({ at }) => at?.key);
  const entry = [...byDay.values()].some((ids) => ids.slice(0, inADay).some((id) => id === cursor)) ? cursor : first;
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  const Cell = phone ? PhoneDay : Day;
  return (
    <div className={css['month']} role="table" aria-label={calendarText.label}>
      <div className={css['heads']} role="row">
        {Array.from({ length: 7 }, (_, i) => (
          <span key={i} role="columnheader">
            {weekdayAbbreviation(weekStart + i)}
          </span>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]} className={css['week']} role="row">
          {week.map((day) => (
            <Cell key={day} day={day} out={!day.startsWith(month)} today={today} ids={byDay.get(day) ?? none} entry={entry} onOpen={onOpen} onDrop={onDrop} />
          ))}
        </div>
      ))}
    </div>
  );
}

const none: readonly string[] = [];

interface DayProps {
  day: string;
  /** Whether it belongs to a month beside. */
  out: boolean;
  today: string;
  ids: readonly string[];
  entry: string | undefined;
  onOpen: (day: string) => void;
  onDrop: (began: Episode, place: string) => void;
}

const Day = memo(function Day({ day, out, today, ids, entry, onOpen, onDrop }: DayProps) {
  const cell = useRef<HTMLDivElement>(null);
  useDropTarget(cell, day);
  const over = useCarry(({ carry }) => carry?.over === day && carry.began.air_date !== day);
  const rest = ids.length - inADay;
  return (
    <div className={classOf(day, out, today, over)} role="cell" aria-current={day === today ? 'date' : undefined} ref={cell} data-day={day}>
      <Number day={day} today={today} n={ids.length} />
      {ids.length > 0 && (
        <ul className={css['chips']}>
          {ids.slice(0, inADay).map((id) => (
            <Chip key={id} id={id} of={ids.length} entry={entry === id} onDrop={onDrop} />
          ))}
        </ul>
      )}
      {rest > 0 && (
        <button type="button" className={css['rest']} aria-label={calendarText.moreOf({ n: rest, day: longDate(day, today) })} onClick={() => onOpen(day)}>
          {calendarText.more({ n: rest })}
        </button>
      )}
    </div>
  );
});

/** On phones a day shows the statuses alone, and leads to its place in the agenda. */
const PhoneDay = memo(function PhoneDay({ day, out, today, ids, onOpen }: DayProps) {
  return (
    <div className={classOf(day, out, today, false)} role="cell" aria-current={day === today ? 'date' : undefined} data-day={day}>
      <button type="button" className={css['day']} onClick={() => onOpen(day)}>
        <Number day={day} today={today} n={ids.length} />
        <span className={css['dots']}>
          {ids.slice(0, inADay).map((id) => (
            <Dot key={id} id={id} />
          ))}
          {ids.length > inADay && <span aria-hidden="true">{calendarText.more({ n: ids.length - inADay })}</span>}
        </span>
      </button>
    </div>
  );
});

function Dot({ id }: { id: string }) {
  const status = useRecord(episodes, id)?.status;
  return status ? <StatusIcon status={status} size={11} /> : null;
}

function classOf(day: string, out: boolean, today: string, over: boolean): string {
  const weekend = (dayNumber(day) + 3) % 7 > 4;
  return [css['cell'], out && css['out'], weekend && css['weekend'], day === today && css['today'], over && css['over']].filter(Boolean).join(' ');
}

/** "24"; the first of a month has its name. */
function Number({ day, today, n }: { day: string; today: string; n: number }) {
  const inMonth = day.slice(8);
  return (
    <span className={css['number']}>
      <span aria-hidden="true">{inMonth === '01' ? date(day, day) : number(+inMonth)}</span>
      <span className="vh">{calendarText.day({ day: longDate(day, today), n })}</span>
    </span>
  );
}
