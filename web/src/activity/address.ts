import { textParam, type Param, type Values } from '../address';

/** How far back the log is shown, in days. */
export const spans = [7, 30, 90, 365] as const;
export type Span = (typeof spans)[number];

const usualSpan: Span = 30;

const span: Param<Span> = {
  read: (raw) => spans.find((days) => String(days) === raw) ?? usualSpan,
  write: (days) => (days === usualSpan ? null : String(days)),
};

/** A day of the calendar, "2026-11-26"; empty is none. */
const day: Param<string> = {
  read: (raw) => (raw !== null && /^\d{4}-\d\d-\d\d$/.test(raw) && !Number.isNaN(Date.parse(raw)) ? raw : ''),
  write: (value) => value || null,
};

/** What an address of the log says. */
export const activityParams = {
  q: textParam(),
  who: textParam(),
  action: textParam(),
  type: textParam(),
  /** The first and the last of the days that were chosen. */
  since: day,
  until: day,
  days: span,
};

export type ActivityAddress = Values<typeof activityParams>;

export type ChangeAddress = (change: Partial<ActivityAddress>, how?: { replace?: boolean }) => void;
