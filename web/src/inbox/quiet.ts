import type { Schemas } from 'callboard';

import { dayNumber, today } from '../text';

export type QuietHours = Schemas['NotificationQuietHours'];

/** The days of the week as the server names them, from Monday. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof weekdays)[number];

const minutesPerDay = 24 * 60;

/** The minute of the day of "20:00". */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** When quiet hours hold: from and until in milliseconds, and whether that is now. */
export interface Span {
  from: number;
  until: number;
  now: boolean;
}

/** The span of quiet hours that holds now, or else the next one. Those of all days that meet are one without an end. */
export function nextSpan(hours: QuietHours, now: number): Span | 'always' {
  const start = minuteOf(hours.start);
  const length = (minuteOf(hours.end) - start + minutesPerDay) % minutesPerDay || minutesPerDay;
  const everyDay = !hours.days || hours.days.length === 0 || hours.days.length === weekdays.length;
  if (everyDay && length === minutesPerDay) {
    return 'always';
  }
  const first = dayNumber(today(now, hours.time_zone)) - 1; // a span of yesterday may reach into today
  for (let day = first; day < first + 10; day++) {
    if (!everyDay && !hours.days?.includes(weekdayOf(day))) {
      continue;
    }
    const from = instantOf(day, start, hours.time_zone);
    const until = instantOf(day, start + length, hours.time_zone);
    if (until > now) {
      return { from, until, now: from <= now };
    }
  }
  return 'always'; // a week has all its days within ten
}

/** The day of the week of a day since 1970, which began on a Thursday. */
function weekdayOf(day: number): Weekday {
  return weekdays[(day + 3) % 7] ?? 'mon';
}

/** The instant at which the clocks of a zone show a minute of a day since 1970. */
function instantOf(day: number, minute: number, zone: string): number {
  const wanted = day * 86_400_000 + minute * 60_000;
  const guess = wanted - offsetAt(wanted, zone);
  return wanted - offsetAt(guess, zone); // the offset may change between the two
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  return localMinutes(at, zone) * 60_000 - Math.floor(at / 60_000) * 60_000;
}

/** The minutes since 1970 that the clocks of a zone show. */
export function localMinutes(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return dayNumber(today(at, zone)) * minutesPerDay + part('hour') * 60 + part('minute');
}

/** Quiet hours as parts of one day, in minutes: one, or two when they go over midnight. */
export function dayParts({ start, end }: Pick<QuietHours, 'start' | 'end'>): { from: number; to: number }[] {
  const [from, to] = [minuteOf(start), minuteOf(end)];
  if (from < to) {
    return [{ from, to }];
  }
  return [{ from: 0, to }, { from, to: minutesPerDay }].filter((part) => part.from < part.to);
}

/** The days after one was switched on or off; none stands for all. The last one cannot be switched off: it would be all of them. */
export function toggleDay(days: readonly string[], day: Weekday): Weekday[] {
  const chosen = weekdays.filter((one) => days.length === 0 || days.includes(one));
  const next = chosen.includes(day) ? chosen.filter((one) => one !== day) : weekdays.filter((one) => chosen.includes(one) || one === day);
  return next.length === 0 ? chosen : next.length === weekdays.length ? [] : next;
}
