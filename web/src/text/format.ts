// Numbers, dates and lists as people write them, by Intl. The only place that knows the language.

const language = 'en-GB';

const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const lists = new Intl.ListFormat(language, { style: 'long', type: 'conjunction' });
const rows = new Intl.ListFormat(language, { style: 'short', type: 'unit' });
const percents = new Intl.NumberFormat(language, { style: 'percent' });

export function number(n: number): string {
  return numbers.format(n);
}

/** "day" of 1, "days" of 3. */
export function plural(n: number, one: string, other: string): string {
  return plurals.select(n) === 'one' ? one : other;
}

/** "1 day", "3 days". */
export function count(n: number, one: string, other: string): string {
  return `${numbers.format(n)} ${plural(n, one, other)}`;
}

/** "Ada, Ben and Mira". */
export function list(parts: string[]): string {
  return lists.format(parts);
}

/** "CSV, commas, header on line 1": what is said of one thing. What is empty is left out. */
export function series(parts: readonly (string | undefined)[]): string {
  return rows.format(parts.filter((part) => part !== undefined).filter((part) => part !== ''));
}

/** "42%", for 0 to 100. */
export function percent(n: number): string {
  return percents.format(n / 100);
}

/** "254 bytes", "1.2 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1000) {
    return count(bytes, 'byte', 'bytes');
  }
  const units = ['KB', 'MB', 'GB'];
  let [n, at] = [bytes / 1000, 0];
  while (n >= 1000 && at < units.length - 1) {
    n /= 1000;
    at++;
  }
  return `${number(n >= 100 ? Math.round(n) : Math.round(n * 10) / 10)} ${units[at]}`;
}

/** How long something took, or takes, in the shortest words: "under 0.1 s", "2.5 s", "40 s", "12 min", "1.5 h". */
export function duration(seconds: number): string {
  if (seconds < 0.1) {
    return 'under 0.1 s';
  }
  if (seconds < 90) {
    return `${number(seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds))} s`;
  }
  return seconds < 5400 ? `${number(Math.round(seconds / 60))} min` : `${number(Math.round(seconds / 360) / 10)} h`;
}

/** The same in words: "38 seconds", "2 minutes", "3 hours". */
export function longDuration(seconds: number): string {
  if (seconds < 90) {
    return count(Math.max(1, Math.round(seconds)), 'second', 'seconds');
  }
  return seconds < 5400 ? count(Math.round(seconds / 60), 'minute', 'minutes') : count(Math.round(seconds / 3600), 'hour', 'hours');
}

/** How long is left, which is a guess: whole seconds, at least one. */
export function remaining(seconds: number): string {
  return duration(Math.max(1, Math.round(seconds)));
}

/** Orders texts as people expect it. */
export const compareText = new Intl.Collator(language, { sensitivity: 'base', numeric: true }).compare;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const made = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, made);
  return made;
}

/** "14:02" in the zone. */
export function clock(at: number, timeZone: string): string {
  return format({ hour: '2-digit', minute: '2-digit', timeZone }).format(at);
}

/** "14:02:07" in the zone. */
export function clockSeconds(at: number, timeZone: string): string {
  return format({ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone }).format(at);
}

/** "Thursday 26 November 2026 at 14:02" in the zone: the exact time, for titles. */
export function exactTime(at: number, timeZone: string): string {
  return format({ dateStyle: 'full', timeStyle: 'short', timeZone }).format(at);
}

/** "Tuesday 24 November". */
export function longDay(at: number, timeZone: string): string {
  return format({ weekday: 'long', day: 'numeric', month: 'long', timeZone }).format(at);
}

/** "Mon" for 0, and so on. */
export function weekdayAbbreviation(day: number): string {
  return format({ weekday: 'short', timeZone: 'UTC' }).format(monday + day * 86_400_000);
}

/** A month of the calendar, "2026-11", as "November 2026". */
export function monthName(month: string): string {
  return format({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(`${month}-01T00:00:00Z`));
}

const monday = 4 * 86_400_000; // 1970 began on a Thursday

/** "Monday" for 0, and so on. */
export function weekday(day: number): string {
  return format({ weekday: 'long', timeZone: 'UTC' }).format(monday + day * 86_400_000);
}

/** "M" for 0, and so on. */
export function shortWeekday(day: number): string {
  return format({ weekday: 'narrow', timeZone: 'UTC' }).format(monday + day * 86_400_000);
}

/**
 * A date of the calendar, "2026-12-04", as "4 Dec", with the year if it is not that of today. It is a date and no instant, so no zone shifts it.
 */
export function date(day: string, today: string): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return format({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }), timeZone: 'UTC' }).format(dayNumber(day) * dayLength);
}

const dayLength = 86_400_000; // ms

/** The days since 1970 of a date of the calendar. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayLength);
}

/** The date of the calendar so many days after 1970 began. */
export function dateOf(dayNumber: number): string {
  return new Date(dayNumber * dayLength).toISOString().slice(0, 10);
}

/** The date that it is in the zone, "2026-11-26". */
export function today(now: number, timeZone: string): string {
  const parts = Object.fromEntries(
    format({ year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).formatToParts(now).map(({ type, value }) => [type, value]),
  );
  return `${parts['year']}-${parts['month']}-${parts['day']}`;
}

/** How long ago, in the shortest words: undefined for now, "3 min", "5 h", "3 d", then "19 Nov", with the year if another. */
export function ago(at: number, now: number, timeZone: string): string | undefined {
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 45) {
    return undefined;
  }
  if (seconds < 3600) {
    return `${Math.max(1, Math.round(seconds / 60))} min`;
  }
  if (seconds < 86_400) {
    return `${Math.round(seconds / 3600)} h`;
  }
  if (seconds < 7 * 86_400) {
    return `${Math.round(seconds / 86_400)} d`;
  }
  return date(today(at, timeZone), today(now, timeZone));
}

/** A date of the calendar in full, "Friday 4 December", with the year if it is not that of today. */
export function longDate(day: string, today: string): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return format({ weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }), timeZone: 'UTC' }).format(dayNumber(day) * dayLength);
}
