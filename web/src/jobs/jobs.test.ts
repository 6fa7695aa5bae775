import { expect, it } from 'vitest';

import { aboutOf, resultOf } from './about';
import { parseCsv } from './csv';
import { lookOf } from './look';
import { after, furthest, type Job } from './store/job';

const job: Job = {
  id: 'j1', kind: 'data-import', status: 'processing', priority: 2, args: { file_id: 'f1', show_title: 'Night Desk', dry_run: true }, episode_id: null,
  owner_id: 'u1', owner_name: 'Ben Okafor', attempt: 1, max_attempts: 3, progress: 40, message: 'row 4 of 10', estimated_end: null, result: null,
  error: null, problems: 0, created_at: '2026-11-26T10:00:00Z', queued_at: '2026-11-26T10:00:00Z', started_at: '2026-11-26T10:00:01Z', next_run_at: null, finished_at: null,
};
const told = { kind: 'data-import', owner_id: 'u1', attempt: 1, max_attempts: 3 };

it('takes no step back within an attempt', () => {
  expect(after(job, 'job_progress', { kind: 'data-import', attempt: 1, progress: 30 }, '')).toBeUndefined();
  expect(after(job, 'job_progress', { kind: 'data-import', attempt: 2, progress: 60 }, '')).toBeUndefined();
  expect(after(job, 'job_progress', { kind: 'data-import', attempt: 1, progress: 60, message: 'row 6 of 10' }, '')).toMatchObject({ progress: 60, message: 'row 6 of 10' });
  expect(furthest(job, { ...job, progress: 10, message: 'row 1 of 10' })).toMatchObject({ progress: 40, message: 'row 4 of 10' });
  expect(furthest(job, { ...job, attempt: 2, progress: 10 })).toMatchObject({ attempt: 2, progress: 10 });
});

it('tells a job that is tried again from one that waits', () => {
  const again = after(job, 'job_retry', { ...told, status: 'pending', next_run_at: '2026-11-26T10:05:00Z' }, '');
  expect(again && lookOf(again)).toBe('again');
  const queued = after({ ...job, status: 'failed', error: 'no' }, 'job_queued', { ...told, status: 'pending' }, '2026-11-26T11:00:00Z');
  expect(queued && lookOf(queued)).toBe('waiting');
  expect(after(job, 'job_cancelled', { ...told, status: 'cancelled' }, '2026-11-26T10:01:00Z')).toMatchObject({ status: 'cancelled', finished_at: '2026-11-26T10:01:00Z' });
});

it('says what a job is about and what came of it', () => {
  expect(aboutOf(job, 'two.csv', undefined)).toBe('Check of two.csv into Night Desk');
  expect(resultOf({ ...job, result: { created: 3, updated: 0, refused: 1 } })).toBe('3 new and 1 left out');
  expect(aboutOf({ ...job, kind: 'bulk-export', args: { what: 'episodes', format: 'xlsx', episodes: { q: 'x' } } }, undefined, undefined)).toBe('episodes.xlsx, filtered');
  expect(aboutOf({ ...job, kind: 'subtitles', args: null }, undefined, undefined)).toBe('');
});

it('reads what the server writes as CSV', () => {
  expect(parseCsv('\ufeffitem,reason,outcome\r\nline 3,"title ""x"",\nand more",refused\r\nline 4,,\r\n')).toEqual([
    ['item', 'reason', 'outcome'],
    ['line 3', 'title "x",\nand more', 'refused'],
    ['line 4', '', ''],
  ]);
});
