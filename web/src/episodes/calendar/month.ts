import { dateOf, dayNumber } from '../../text';

/** Six weeks. */
const shownDays = 42;

/** The days that the calendar shows for a month: whole weeks, so some of the months beside it. Weeks begin on the day, 0 for Monday. */
export function daysOf(month: string, weekStart: number): string[] {
  const first = dayNumber(`${month}-01`);
  const start = first - ((weekdayOf(first) - weekStart + 7) % 7);
  return Array.from({ length: shownDays }, (_, i) => dateOf(start + i));
}

/** 0 for Monday. */
function weekdayOf(day: number): number {
  return (day + 3) % 7; // 1970 began on a Thursday
}

interface WithWeek extends Intl.Locale {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** On which day weeks begin where the reader is, 0 for Monday. */
export function weekStartOf(locale: string): number {
  const known: WithWeek = new Intl.Locale(locale);
  return (known.getWeekInfo?.() ?? known.weekInfo ?? { firstDay: 1 }).firstDay - 1;
}

/** Where keys lead from a day, within the days that are shown; from no day, to the day where they begin. */
export function stepDay(over: string, key: string, days: readonly string[], begin: string): string | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const step = steps[key];
  if (step === undefined) {
    return undefined;
  }
  const at = days.indexOf(over);
  return at < 0 ? begin : days[at + step];
}
