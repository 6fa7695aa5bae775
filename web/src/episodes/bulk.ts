import type { JobArgs, JobKinds, JobResult, Schemas } from 'callboard';

import { call, client, problemWords } from '../client';
import { liveClient } from '../client/live';
import { text, type Status } from '../text';
import { episodeText } from '../text/episode';
import { listsText } from '../text/lists';
import { toast, undoable } from '../ui';
import { saveEpisode, takeEpisode } from './api';
import type { ListFilter } from './address';
import { refusalWords } from './complaint';
import { episodes, fieldsOf, same, type Episode, type Patch } from './store/episode';
import { changeLists, settle } from './store/lists';
import { whoChanged } from './undo';

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

const titleOf = (id: string): string => episodes.saved(id)?.title ?? episodeText.noTitleBar;

/** Sends operations, in their order. What gets no answer was refused. */
async function carryOut(operations: readonly Operation[], progress: Progress = () => undefined): Promise<Outcome & { stale: string[] }> {
  const outcome = { done: [] as Episode[], refused: [] as Refusal[], stale: [] as string[] };
  for (let at = 0; at < operations.length; at += chunk) {
    const some = operations.slice(at, at + chunk);
    try {
      const { data } = await call(() => client.api.POST('/api/v1/episodes/bulk', { body: { operations: some } }));
      for (const { id, episode, problem } of data.results) {
        if (episode) {
          takeEpisode(episode);
          outcome.done.push(episode);
        } else if (problem?.status === 412) {
          outcome.stale.push(id);
        } else {
          const gone = problem?.status === 404 && some.some((one) => one.id === id && one.op === 'update');
          outcome.refused.push({ id, title: titleOf(id), why: gone ? text.edits.deleted : whyOf(problem) });
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
  const words = (problem?.errors ?? []).map(({ field, message }) => text.failed.field({ field: text.edits.fields[field?.split('.').at(-1) ?? ''] ?? field ?? '', message }));
  return words.length > 0 ? words.join('; ') : (problem?.detail ?? text.failed.part);
}

/** An episode as somebody saw it, and what shall be of it. */
export interface Change {
  began: Episode;
  patch: Patch;
}

/** Saves changes, in their order. As with one, what others have changed of other fields stays beside; where it was the same field, the change is refused. */
async function update(changes: readonly Change[], progress?: Progress): Promise<Outcome> {
  const operations = changes.map(({ began, patch }): Operation => ({ op: 'update', id: began.id, version: versionFor(began, patch), changes: patch }));
  const { done, refused, stale } = await carryOut(operations, progress);
  for (const { began, patch } of changes) {
    if (stale.includes(began.id)) {
      const { id } = began;
      const saved = await saveEpisode(began, patch);
      if (saved.is === 'saved') {
        done.push(saved.episode);
      } else {
        const why = saved.is === 'clash' ? listsText.changedBy({ name: await whoChanged(id, fieldsOf(patch)) }) : refusalWords(saved.error);
        refused.push({ id, title: titleOf(id), why });
      }
    }
  }
  return { done, refused };
}

/** The newest version that is known to have the fields as somebody saw them. */
function versionFor(began: Episode, patch: Patch): number {
  const now = episodes.saved(began.id);
  return now && fieldsOf(patch).every((field) => same(now[field], began[field])) ? now.version : began.version;
}

/** Rejects with words for people when some of what was to be undone was refused. */
function orReject(refused: readonly Refusal[]): void {
  const [first] = refused;
  if (first) {
    throw new Error(refused.length === 1 ? text.failed.field({ field: first.title, message: first.why }) : listsText.someChangedSince({ n: refused.length }));
  }
}

interface Said {
  words: (done: Episode[]) => string;
  more?: string;
}

/**
 * Changes episodes, each by its own fields, in their order. All of it shows at once, and is saved by the versions that somebody saw; what is refused
 * goes back. A toast says what was done, and undoes it.
 */
export const changeMany = undoable(async (changes: readonly Change[], { words, more }: Said, progress?: Progress): Promise<Refusal[]> => {
  const { done, refused } = await showing(changes, () => update(changes, progress));
  if (done.length > 0) {
    const after = new Map(done.map((episode) => [episode.id, episode]));
    const back = changes.flatMap(({ began, patch }): Change[] => {
      const episode = after.get(began.id);
      const changed = fieldsOf(patch).filter((field) => episode && !same(episode[field], began[field]));
      return episode && changed.length > 0 ? [{ began: episode, patch: Object.fromEntries(changed.map((field) => [field, began[field]])) }] : [];
    });
    const undo = async (): Promise<void> => {
      const undone = back.toReversed(); // what made room for another comes back after it
      orReject((await showing(undone, () => update(undone))).refused);
    };
    toast({ words: words(done), ...(more !== undefined && { more }), ...(back.length > 0 && { undo }) });
  }
  return refused;
});

/** Shows changes while they are being saved. */
async function showing<T>(changes: readonly Change[], saving: () => Promise<T>): Promise<T> {
  const ends = changes.map(({ began, patch }) => episodes.edit(began.id, patch));
  try {
    return await saving();
  } finally {
    ends.forEach((end) => end());
    changeLists(new Set(changes.map(({ began }) => began.id)));
  }
}

/** The same change of many, as they are now. */
export function changesOf(ids: readonly string[], patch: Patch): Change[] {
  return ids.flatMap((id) => episodes.saved(id) ?? []).map((began) => ({ began, patch }));
}

export async function setStatus(ids: readonly string[], status: Status, progress?: Progress): Promise<Refusal[]> {
  const said = { words: (done: Episode[]) => listsText.statusSet({ n: done.length, title: done[0]?.title ?? '', status: text.status[status] }) };
  return changeMany(changesOf(ids, { status }), { ...said, ...(status === 'published' && { more: listsText.everyoneTold }) }, progress);
}

/** Deletes episodes. Their rows leave at once; a toast brings them back. */
export const deleteMany = undoable(async (ids: readonly string[], progress?: Progress): Promise<Refusal[]> => {
  settle(ids, () => undefined);
  const { done, refused } = await carryOut(ids.map((id) => ({ op: 'delete', id })), progress);
  settle(refused.map(({ id }) => id));
  settle(done.map(({ id }) => id)); // into the lists of deleted ones
  if (done.length > 0) {
    toast({
      words: listsText.deleted({ n: done.length, title: done[0]?.title ?? '' }),
      undo: async () => {
        const back = await carryOut(done.map(({ id }) => ({ op: 'restore', id })));
        settle(back.done.map(({ id }) => id));
        orReject(back.refused);
      },
    });
  }
  return refused;
});

export async function restoreMany(ids: readonly string[], progress?: Progress): Promise<Refusal[]> {
  const { done, refused } = await carryOut(ids.map((id) => ({ op: 'restore', id })), progress);
  settle(done.map(({ id }) => id));
  if (done.length > 0) {
    toast({ words: listsText.restored({ n: done.length, title: done[0]?.title ?? '' }) });
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
    toast({ look: 'bad', words: listsText.notDone, more: text.failed.field({ field: refusal.title, message: refusal.why }) });
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
  const job = await liveClient.jobs.watch<K>(data.id, (now) => progress(now.progress));
  if (job.status === 'completed') {
    return job.result;
  }
  throw new Error(job.status === 'failed' ? job.error ?? '' : listsText.jobCancelled);
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
    toast({ words: listsText.exported({ n: rows }) });
  } catch (error) {
    toast({ look: 'bad', words: listsText.notDone, more: wordsOf(error) });
  }
}

/** Why a job did not come to its end: the server's words, or the job's own. */
export function wordsOf(error: unknown): string {
  return error instanceof Error && error.constructor === Error ? error.message : problemWords(error);
}
