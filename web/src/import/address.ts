import type { ImportArgs, ImportMapping, ImportRequest } from 'callboard';

import { choice, textParam, writeSearch, type Param, type Values } from '../address';

export const orders = ['day-first', 'month-first', 'year-first'] as const;
export const modes = ['upsert', 'create', 'update'] as const;

/** Columns by field, as JSON; none is null. */
const mapping: Param<ImportMapping | null> = {
  read: (raw) => {
    try {
      const value: unknown = JSON.parse(raw ?? 'null');
      return isMapping(value) ? value : null;
    } catch {
      return null;
    }
  },
  write: (value) => value && JSON.stringify(value),
};

function isMapping(value: unknown): value is ImportMapping {
  const isColumns = (columns: unknown): boolean => Array.isArray(columns) && columns.every((column) => typeof column === 'string');
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isColumns);
}

/**
 * An import as its address says it: the file, how it is to be read, where its episodes go, the check and the job. So a reload goes on, and a step back takes an
 * answer back.
 */
export const importParams = {
  file: textParam(),
  show: textParam(),
  /** The title of a show that is not there yet. */
  title: textParam(),
  sheet: textParam(),
  encoding: textParam(),
  dates: choice(['', ...orders] as const, ''),
  mode: choice(modes, 'upsert'),
  hidden: choice(['', '1'] as const, ''),
  map: mapping,
  check: textParam(),
  job: textParam(),
};

export type ImportAddress = Values<typeof importParams>;
export type ChangeImport = (change: Partial<ImportAddress>, how?: { replace?: boolean }) => void;

/** What the plan and the jobs are asked for. */
export function requestOf({ file, show, title, sheet, encoding, dates, mode, hidden, map }: ImportAddress): ImportRequest {
  return {
    file_id: file,
    ...(show ? { show_id: show } : title.trim() ? { show_title: title.trim() } : {}),
    ...(sheet && { sheet }),
    ...(encoding && { encoding }),
    ...(dates && { date_order: dates }),
    ...(mode !== 'upsert' && { mode }),
    ...(hidden && { hidden_rows: true }),
    ...(map && { mapping: map }),
  };
}

/** The address at which an import goes on that a job has begun: with its check where that was done, else with its file. */
export function addressOf(args: ImportArgs, check = ''): string {
  const values: Omit<ImportAddress, 'job'> = {
    file: args.file_id,
    show: args.show_id ?? '',
    title: args.show_title ?? '',
    sheet: args.sheet ?? '',
    encoding: args.encoding ?? '',
    dates: args.date_order ?? '',
    mode: args.mode ?? 'upsert',
    hidden: args.hidden_rows ? '1' : '',
    map: args.mapping ?? null,
    check,
  };
  return `/import${writeSearch<ImportAddress>(importParams, values)}`;
}
