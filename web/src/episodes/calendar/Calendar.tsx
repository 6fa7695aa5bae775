import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { problemWords } from '../../client';
import { useNow } from '../../live';
import { useZone } from '../../session';
import { monthName, text, today } from '../../text';
import { calendarText } from '../../text/views';
import { Announcer, NotLoaded, Skeleton, usePhone } from '../../ui';
import type { ListFilter } from '../address';
import { useEpisodeList } from '../api';
import { MonthSwitch } from '../MonthSwitch';
import { Pill } from '../Pill';
import { Agenda } from './Agenda';
import { DayDialog } from './DayDialog';
import { useDays } from './days';
import { blurred, focused, useCarryKeys, useDrop, useMonthKeys } from './keys';
import { Month } from './Month';
import { daysOf, weekStartOf } from './month';
import { Tray } from './Tray';
import css from './Calendar.module.css';

const weekStart = weekStartOf(navigator.language);

/** How many episodes of a month are read. */
const most = 1000;

const nobody: readonly string[] = [];

interface CalendarProps {
  filter: ListFilter;
  /** Empty is the present one. */
  month: string;
  onMonth: (month: string) => void;
}

/** The episodes by air date: a month, and those without a date beside it. */
export default function Calendar({ filter, month: chosen, onMonth }: CalendarProps) {
  const phone = usePhone();
  const now = today(useNow(), useZone());
  const month = chosen || now.slice(0, 7);
  const days = useMemo(() => daysOf(month, weekStart), [month]);
  const lists = useMemo(
    (): [airing: ListFilter, undated: ListFilter] => [
      { ...filter, sort: 'air_date', airs: { from: days[0] ?? '', to: days.at(-1) ?? '' } },
      { ...filter, sort: 'number', airs: 'never' },
    ],
    [filter, days],
  );
  const airing = useEpisodeList(lists[0]);
  const undated = useEpisodeList(lists[1]);
  const ids = airing.loaded?.ids ?? nobody;
  const { byDay, strays, take } = useDays(ids);
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = airing;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError && ids.length < most) {
      void fetchNextPage();
    }
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, ids.length]);

  const scroller = useRef<HTMLDivElement>(null);
  const [from, setFrom] = useState<string>(); // the day with which the agenda of phones begins
  const [opened, setOpened] = useState<string>(); // the day of which all is shown
  const goTo = useCallback(
    (to: string) => {
      setFrom(undefined);
      onMonth(to === now.slice(0, 7) ? '' : to);
    },
    [onMonth, now, setFrom],
  );
  useMonthKeys(month, now, goTo);
  const begin = days.includes(now) ? now : `${month}-01`;
  const drop = useDrop();
  const keys = useCarryKeys(days, begin, now, drop);

  if (airing.isError && !airing.loaded) {
    return (
      <NotLoaded title={text.episodes.notLoaded} onAgain={() => void airing.refetch()}>
        {problemWords(airing.error)}
      </NotLoaded>
    );
  }
  const airsNothing = airing.loaded !== undefined && !airing.isPlaceholderData && !days.some((day) => day.startsWith(month) && byDay.has(day));
  const nothing = airsNothing ? <p className={css['nothing']}>{calendarText.nothing({ month: monthName(month) })}</p> : null;
  return (
    <>
      {/* The calendar handles the keys of all its episodes. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className={css['calendar']} ref={scroller} onKeyDown={keys} onFocus={focused} onBlur={blurred} data-calendar={month}>
        {phone && (
          <div className={css['switch']}>
            <MonthSwitch address={{ month: chosen }} change={({ month: to }) => goTo(to || now.slice(0, 7))} />
          </div>
        )}
        {airing.loaded ? (
          <Month days={days} month={month} today={now} weekStart={weekStart} byDay={byDay} first={ids[0]} phone={phone} onOpen={phone ? setFrom : setOpened} onDrop={drop} />
        ) : (
          <Skeleton rows={6} height={phone ? 46 : 124} />
        )}
        {phone ? (
          <Agenda days={days.slice(days.indexOf(from ?? begin))} today={now} byDay={byDay} undated={undated.loaded ?? { ids: nobody, more: false }}>
            {nothing}
          </Agenda>
        ) : (
          <Tray loaded={undated.loaded ?? { ids: nobody, more: false }} onMore={() => void undated.fetchNextPage()} onDrop={drop}>
            {nothing}
          </Tray>
        )}
      </div>
      {opened !== undefined && <DayDialog day={opened} today={now} ids={byDay.get(opened) ?? nobody} onClose={() => setOpened(undefined)} />}
      <Pill filters={lists} scroller={scroller} strays={strays} onTake={take} />
      <Announcer />
    </>
  );
}
