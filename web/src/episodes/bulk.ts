import type { JobArgs, JobKinds, JobResult, Schemas } from 'callboard';

import { call, client, problemWords } from '../client';
import { text, type Status } from '../text';
import { toast } from '../ui';
import { takeEpisode } from './api';
import type { ListFilter } from './address';
import { episodes, type Episode } from './store/episode';
import { changeLists, settle } from './store/lists';

export type Patch = Schemas['EpisodePatchBody'];
type Operation = Schemas['EpisodeOperation'];

/** An episode that was not changed, and why. */
export interface Refusal {
  id: string;
  title: string;
  why: string;
}

interface Outcome {
  done: Episode[];
  refused: Refusal[];
}

/** Told how many of them are done. */
type Progress = (done: number) => void;

const chunk = 50; // operations in one request: so there is something to see of many

const titleOf = (id: string): string => episodes.saved(id)?.title ?? text.episode.noTitleBar;

/** Sends operations, in their order. What gets no answer was refused. */
async function carryOut(operations: readonly Operation[], progress: Progress = () => undefined): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  for (let at = 0; at < operations.length; at += chunk) {
    const some = operations.slice(at, at + chunk);
    try {
      const { data } = await call(() => client.api.POST('/api/v1/episodes/bulk', { body: { operations: some } }));
      for (const { id, episode, problem } of data.results) {
        if (episode) {
          takeEpisode(episode);
          outcome.done.push(episode);
        } else {
          outcome.refused.push({ id, title: titleOf(id), why: whyOf(problem) });
        }
      }
    } catch (error) {
      const why = problemWords(error);
      outcome.refused.push(...operations.slice(at).map(({ id }) => ({ id, title: titleOf(id), why })));
      break;
    }
    progress(Math.min(at + chunk, operations.length));
  }
  return outcome;
}

function whyOf(problem: Schemas['Problem'] | undefined): string {
  if (problem?.status === 412) {
    return text.lists.changedMeanwhile;
  }
  const words = (problem?.errors ?? []).map(({ field, message }) => text.failed.field({ field: text.episode.fields[field?.split('.').at(-1) ?? ''] ?? field ?? '', message }));
  return words.length > 0 ? words.join('; ') : (problem?.detail ?? text.failed.part);
}

/** Undoes by operations; rejects with words for people when some of them were refused. */
async function takeBack(operations: readonly Operation[]): Promise<Episode[]> {
  const { done, refused } = await carryOut(operations);
  changeLists(new Set(operations.map(({ id }) => id)));
  if (refused.length > 0) {
    const [first] = refused;
    throw new Error(refused.length === 1 && first ? text.failed.field({ field: first.title, message: first.why }) : text.lists.someChangedSince({ n: refused.length }));
  }
  return done;
}

interface Said {
  words: (done: Episode[]) => string;
  more?: string;
}

/**
 * Changes episodes, each by its own fields. All of it shows at once, and is saved by the versions that somebody saw; what is refused goes back. A
 * toast says what was done, and undoes it.
 */
export async function changeMany(changes: ReadonlyMap<string, Patch>, { words, more }: Said, progress?: Progress): Promise<Refusal[]> {
  const before = new Map([...changes.keys()].flatMap((id) => episodes.saved(id) ?? []).map((episode) => [episode.id, episode]));
  const ends = [...changes].map(([id, patch]) => episodes.edit(id, patch));
  const operations = [...changes].map(([id, patch]): Operation => {
    const version = before.get(id)?.version;
    return { op: 'update', id, changes: patch, ...(version !== undefined && { version }) };
  });
  const { done, refused } = await carryOut(operations, progress);
  ends.forEach((end) => end());
  changeLists(new Set(changes.keys()));
  if (done.length > 0) {
    const back = done.flatMap(({ id, version }): Operation[] => {
      const was = before.get(id);
      const fields = Object.keys(changes.get(id) ?? {}) as (keyof Patch)[];
      return was && was.version !== version ? [{ op: 'update', id, version, changes: Object.fromEntries(fields.map((field) => [field, was[field]])) }] : [];
    });
    toast({
      words: words(done),
      ...(more !== undefined && { more }),
      ...(back.length > 0 && {
        undo: async () => {
          await takeBack(back);
        },
      }),
    });
  }
  return refused;
}

export async function setStatus(ids: readonly string[], status: Status, progress?: Progress): Promise<Refusal[]> {
  const said = { words: (done: Episode[]) => text.lists.statusSet({ n: done.length, title: done[0]?.title ?? '', status: text.status[status] }) };
  return changeMany(new Map(ids.map((id) => [id, { status }])), { ...said, ...(status === 'published' && { more: text.lists.everyoneTold }) }, progress);
}

/** Deletes episodes. Their rows leave at once; a toast brings them back. */
export async function deleteMany(ids: readonly string[], progress?: Progress): Promise<Refusal[]> {
  settle(ids, () => undefined);
  const { done, refused } = await carryOut(ids.map((id) => ({ op: 'delete', id })), progress);
  settle(refused.map(({ id }) => id));
  settle(done.map(({ id }) => id)); // into the lists of deleted ones
  if (done.length > 0) {
    toast({
      words: text.lists.deleted({ n: done.length, title: done[0]?.title ?? '' }),
      undo: async () => {
        const back = await takeBack(done.map(({ id }) => ({ op: 'restore', id })));
        settle(back.map(({ id }) => id));
      },
    });
  }
  return refused;
}

export async function restoreMany(ids: readonly string[], progress?: Progress): Promise<Refusal[]> {
  const { done, refused } = await carryOut(ids.map((id) => ({ op: 'restore', id })), progress);
  settle(done.map(({ id }) => id));
  if (done.length > 0) {
    toast({ words: text.lists.restored({ n: done.length, title: done[0]?.title ?? '' }) });
  }
  return refused;
}

/** Restores one; a toast says why not. */
export async function restoreOne(id: string): Promise<void> {
  sayRefused(await restoreMany([id]));
}

/** Deletes one; a toast says why not. */
export async function deleteOne(id: string): Promise<void> {
  sayRefused(await deleteMany([id]));
}

function sayRefused([refusal]: readonly Refusal[]): void {
  if (refusal) {
    toast({ look: 'bad', words: text.lists.notDone, more: text.failed.field({ field: refusal.title, message: refusal.why }) });
  }
}

/** Which episodes a job is about: these, or all that a list holds. */
export type Which = { ids: readonly string[] } | { filter: ListFilter };

/** A filter as jobs have it. All statuses are a condition too: a job that deletes wants one. */
function jobFilter({ show, status, q }: ListFilter): JobKinds['batch-delete']['args']['filter'] {
  const all: Status[] = ['draft', 'pending', 'approved', 'rejected', 'published', 'archived'];
  return { statuses: status.length > 0 ? [...status] : all, ...(show && { show_ids: [show] }), ...(q && { q }) };
}

/** Queues a job and waits for its end. Told of its bar, in percent. Rejects with words for people. */
async function run<K extends keyof JobKinds>(kind: K, args: JobArgs<K>, progress: (percent: number) => void = () => undefined): Promise<JobResult<K>> {
  const { data } = await call(() => client.api.POST('/api/v1/jobs', { body: { kind, args: { ...args } } }));
  const job = await client.jobs.watch<K>(data.id, (now) => progress(now.progress));
  if (job.status === 'completed') {
    return job.result;
  }
  throw new Error(job.status === 'failed' ? job.error ?? '' : text.lists.jobCancelled);
}

/** How many episodes a deletion would find. */
export async function countDeletion(which: Which): Promise<number> {
  const { matched } = await run('batch-delete', { ...deletionOf(which), dry_run: true });
  return matched;
}

/** Deletes by a job. Returns how many were deleted. */
export async function deleteByJob(which: Which, progress: (percent: number) => void): Promise<number> {
  const { deleted } = await run('batch-delete', deletionOf(which), progress);
  return deleted;
}

function deletionOf(which: Which): JobArgs<'batch-delete'> {
  return 'ids' in which ? { ids: [...which.ids] } : { filter: jobFilter(which.filter) ?? {} };
}

export type ExportFormat = 'csv' | 'xlsx' | 'ndjson';

/** Exports episodes by a job, and downloads what it has written. */
export async function exportEpisodes(which: Which, format: ExportFormat): Promise<void> {
  try {
    const args: JobArgs<'bulk-export'> = { what: 'episodes', format, ...('ids' in which ? { ids: [...which.ids] } : { episodes: jobFilter(which.filter) ?? {} }) };
    const { url, rows } = await run('bulk-export', args);
    const link = document.createElement('a');
    link.href = url;
    link.download = '';
    link.click();
    toast({ words: text.lists.exported({ n: rows }) });
  } catch (error) {
    toast({ look: 'bad', words: text.lists.notDone, more: wordsOf(error) });
  }
}

/** Why a job did not come to its end: the server's words, or the job's own. */
export function wordsOf(error: unknown): string {
  return error instanceof Error && error.constructor === Error ? error.message : problemWords(error);
}
