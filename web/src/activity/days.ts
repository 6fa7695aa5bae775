import { dayNumber, today } from '../text';

const dayLength = 86_400_000; // ms

/** The day that is so many days away, "2026-11-26". */
export function addDays(day: string, days: number): string {
  return new Date((dayNumber(day) + days) * dayLength).toISOString().slice(0, 10);
}

/** All days from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  return Array.from({ length: Math.max(0, dayNumber(to) - dayNumber(from) + 1) }, (_, i) => addDays(from, i));
}

/** When a day begins in a zone, in milliseconds: at midnight, or where the clocks skip that, right after. */
export function startOf(day: string, zone: string): number {
  let at = Date.parse(`${day}T00:00:00Z`);
  for (let i = 0; i < 2; i++) {
    at += Date.parse(`${day}T00:00:00Z`) - wallClock(at, zone);
  }
  return today(at, zone) < day ? at + 3_600_000 : at;
}

/** What the clocks of a zone show at an instant, as if they were those of UTC. */
function wallClock(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute'], part['second']);
}
