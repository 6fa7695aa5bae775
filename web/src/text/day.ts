import { dayNumber } from './format';

// Dates as they are typed: "4 dec", "fri", "+7", "2026-12-04", "4.12.", "tomorrow".

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayLength = 86_400_000; // ms

/** Returns the date that was typed, "2026-12-04"; null for nothing, undefined for what is no date. Without a year the next such day is meant. */
export function parseDay(typed: string, today: string): string | null | undefined {
  const words = typed.trim().toLowerCase();
  if (words === '') {
    return null;
  }
  const now = dayNumber(today);
  const near: Record<string, number> = { today: 0, tomorrow: 1, yesterday: -1 };
  if (words in near) {
    return dayOf(now + (near[words] ?? 0));
  }
  const step = /^([+-])\s*(\d{1,4})$/.exec(words);
  if (step) {
    return dayOf(now + Number(`${step[1]}${step[2]}`));
  }
  const weekday = words.length >= 3 ? weekdays.findIndex((name) => name === words.slice(0, 3)) : -1;
  if (weekday >= 0 && /^[a-z]+$/.test(words)) {
    const ahead = (weekday - new Date(now * dayLength).getUTCDay() + 7) % 7;
    return dayOf(now + (ahead === 0 ? 7 : ahead));
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words);
  if (iso) {
    return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const said = spoken(words);
  if (said) {
    return next(said.day, said.month, said.year, today);
  }
  const dotted = /^(\d{1,2})[./](\d{1,2})(?:[./](\d{4})?)?$/.exec(words);
  return dotted ? next(Number(dotted[1]), Number(dotted[2]), dotted[3] === undefined ? undefined : Number(dotted[3]), today) : undefined;
}

/**
 * The date that a cell of a sheet has; null for an empty one, undefined for what is no date, and both where it may be either of two. Nothing is taken
 * for granted but the year that the board leaves out, which is the present one.
 */
export function readDay(cell: string, today: string): string | null | undefined | readonly [string, string] {
  const words = cell.trim().toLowerCase();
  if (words === '') {
    return null;
  }
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?$/.exec(words);
  if (iso) {
    return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  }
  const said = spoken(words.replace(/^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?\s+/, ''));
  if (said) {
    return valid(said.year ?? Number(today.slice(0, 4)), said.month, said.day);
  }
  const [, first, second, year] = (/^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(words) ?? []).map(Number);
  if (first === undefined || second === undefined || year === undefined) {
    return undefined;
  }
  const [dayFirst, monthFirst] = [valid(year, second, first), valid(year, first, second)];
  return dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst ? [dayFirst, monthFirst] : (dayFirst ?? monthFirst);
}

/** "4 dec", "4. December 2026" or "dec 4"; undefined for anything else. */
function spoken(words: string): { day: number; month: number; year: number | undefined } | undefined {
  const found = /^(\d{1,2})\.?\s*([a-z]{3})[a-z]*\.?,?(?:\s+(\d{4}))?$/.exec(words) ?? turned(/^([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?$/.exec(words));
  const month = found ? months.indexOf(found[2] ?? '') + 1 : 0;
  return found && month > 0 ? { day: Number(found[1]), month, year: found[3] === undefined ? undefined : Number(found[3]) } : undefined;
}

/** "dec 4" as "4 dec". */
function turned(found: RegExpExecArray | null): (string | undefined)[] | null {
  return found && [found[0], found[2], found[1], found[3]];
}

function next(day: number, month: number, year: number | undefined, today: string): string | undefined {
  if (year !== undefined) {
    return valid(year, month, day);
  }
  const thisYear = Number(today.slice(0, 4));
  const found = valid(thisYear, month, day);
  return found !== undefined && found >= today ? found : valid(thisYear + 1, month, day);
}

function valid(year: number, month: number, day: number): string | undefined {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).getUTCDate() !== day ? undefined : text;
}

function dayOf(days: number): string {
  return new Date(days * dayLength).toISOString().slice(0, 10);
}
