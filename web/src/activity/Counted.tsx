import type { UseQueryResult } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';

import { useZone } from '../session';
import { clock, date, text, today } from '../text';
import { activityText } from '../text/activity';
import { Avatar, Button } from '../ui';
import type { ActivityAddress, ChangeAddress } from './address';
import type { Counts } from './api';
import { daysBetween } from './days';
import css from './Counted.module.css';

const Chart = lazy(() => import('./Chart'));

interface CountedProps {
  address: ActivityAddress;
  change: ChangeAddress;
  byDay: UseQueryResult<Counts>;
  byPerson: Counts | undefined;
  first: string;
  last: string;
}

const mostPeople = 6;

/** How much happened: by day, where days are chosen, and by person. */
export function Counted({ address, change, byDay, byPerson, first, last }: CountedProps) {
  const zone = useZone();
  const days = useMemo(() => daysBetween(first, last), [first, last]);
  const counts = byDay.data;
  const values = useMemo(() => {
    const known = new Map(counts?.by_time.map(({ start, count }) => [start.slice(0, 10), count]));
    return days.map((day) => known.get(day) ?? 0);
  }, [counts, days]);
  const { since, until, who } = address;
  const chosen = since || until ? { from: since || first, to: until || last } : undefined;
  const some = chosen && days.flatMap((day, i) => (day >= chosen.from && day <= chosen.to ? [values[i] ?? 0] : []));
  const people = byPerson?.by_user.slice(0, mostPeople) ?? [];
  const most = people[0]?.count ?? 1;
  const from = counts && !counts.complete ? Date.parse(counts.counted_since) : undefined;
  return (
    <section className={css['top']} aria-label={activityText.chart}>
      <div>
        <div className={css['about']}>
          <span>{activityText.perDay}</span>
          {some && some.length > 0 && counts && <b role="status">{activityText.ofSpan({ n: some.reduce((sum, n) => sum + n, 0), days: some.length })}</b>}
        </div>
        {byDay.isError && !counts ? (
          <p className={css['about']} role="alert">
            {activityText.chartNotLoaded}
            <Button size="small" onClick={() => void byDay.refetch()}>
              {text.tryAgain}
            </Button>
          </p>
        ) : counts ? (
          <Suspense fallback={<div className={css['room']} />}>
            <Chart days={days} values={values} chosen={chosen} onChoose={(span) => change({ since: span?.from ?? '', until: span?.to ?? '' })} />
          </Suspense>
        ) : (
          <div className={css['room']} />
        )}
        {from !== undefined && <p className={css['incomplete']}>{activityText.incomplete({ since: `${date(today(from, zone), last)} ${clock(from, zone)}` })}</p>}
        {counts && (
          <div className="vh">
            <table>
              <caption>{activityText.perDay}</caption>
              <thead>
                <tr>
                  <th scope="col">{activityText.day}</th>
                  <th scope="col">{activityText.number}</th>
                </tr>
              </thead>
              <tbody>
                {days.map((day, i) => (
                  <tr key={day}>
                    <th scope="row">{date(day, last)}</th>
                    <td>{values[i]}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
      <div className={css['people']} role="group" aria-label={activityText.byPerson}>
        <div className={css['about']} aria-hidden="true">
          {activityText.byPerson}
        </div>
        {people.map(({ key, name = key, count }) => (
          <button
            key={key}
            type="button"
            className={key === who ? `${css['person']} ${css['on']}` : css['person']}
            aria-pressed={key === who}
            onClick={() => change({ who: key === who ? '' : key })}
          >
            <span aria-hidden="true">
              <Avatar person={{ id: key, name }} size="small" />
            </span>
            <span className="cut">{name}</span>
            <i style={{ width: `${(count / most) * 100}%` }} />
            <b>
              {count} <span className="vh">{activityText.changesAlone({ n: count })}</span>
            </b>
          </button>
        ))}
      </div>
    </section>
  );
}
