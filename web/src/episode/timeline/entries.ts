import type { Schemas } from 'callboard';

export interface Change {
  field: string;
  old: unknown;
  new: unknown;
}

export type Verb = 'changed' | 'created' | 'published' | 'archived' | 'deleted' | 'restored' | 'added' | 'renamed' | 'removed' | Schemas['JobView']['status'];

/** One thing that happened to the episode. */
export interface Entry {
  id: string;
  at: number;
  sort: 'fields' | 'files' | 'jobs';
  by: { id: string; name: string };
  verb: Verb;
  changes: readonly Change[];
  /** Fields that were changed and changed back within a run; changes has the others. */
  back?: readonly string[];
  /** Of the file, or the kind of the job. */
  name?: string;
  application?: boolean;
}

type ActivityView = Schemas['ActivityView'];
type Changes = Record<string, { old: unknown; new: unknown }>;

const ofEpisode: Record<string, Verb> = {
  updated_episode: 'changed',
  created_episode: 'created',
  published_episode: 'published',
  archived_episode: 'archived',
  deleted_episode: 'deleted',
  restored_episode: 'restored',
};
const ofFile: Record<string, Verb> = { created_file: 'added', updated_file: 'renamed', deleted_file: 'removed' };

/** An entry of the log about an episode or a file; undefined for one of which the timeline does not tell. */
export function entryOf(view: ActivityView): Entry | undefined {
  const verb = (view.resource_type === 'file' ? ofFile : ofEpisode)[view.action];
  if (!verb) {
    return undefined;
  }
  const { changes = {} } = (view.metadata ?? {}) as { changes?: Changes };
  return {
    id: view.id,
    at: Date.parse(view.created_at),
    sort: view.resource_type === 'file' ? 'files' : 'fields',
    by: { id: view.user_id, name: view.user_name },
    verb,
    changes: Object.entries(changes).map(([field, change]) => ({ field, old: change.old, new: change.new })),
    ...(view.resource_type === 'file' && { name: view.resource_name }),
    ...(view.source === 'application' && { application: true }),
  };
}

/** What a job is at, as an entry. */
export function entryOfJob(job: Schemas['JobView']): Entry {
  const at = job.finished_at ?? job.started_at ?? job.queued_at;
  return { id: `job ${job.id}`, at: Date.parse(at), sort: 'jobs', by: { id: job.owner_id, name: job.owner_name }, verb: job.status, changes: [], name: job.kind };
}

const run = 5 * 60_000; // ms within which changes of one person are one entry

/** Newest first, with runs of one person in one: a field shows what it was before the run, and what it became. */
export function fold(entries: readonly Entry[]): Entry[] {
  const folded: Entry[] = [];
  for (const entry of [...entries].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))) {
    const newer = folded.at(-1);
    const runs = newer?.verb === 'changed' && entry.verb === 'changed' && newer.by.id === entry.by.id && newer.at - entry.at <= run && newer.application === entry.application;
    if (runs) {
      folded[folded.length - 1] = { ...newer, changes: merged(entry.changes, newer.changes) };
    } else {
      folded.push(entry);
    }
  }
  return folded.map(withoutBack);
}

/** A run that leaves a field as it was says so, and shows no difference. */
function withoutBack(entry: Entry): Entry {
  const isBack = ({ old, new: now }: Change): boolean => JSON.stringify(old) === JSON.stringify(now);
  const back = entry.changes.filter(isBack).map(({ field }) => field);
  return back.length === 0 ? entry : { ...entry, changes: entry.changes.filter((change) => !isBack(change)), back };
}

function merged(older: readonly Change[], newer: readonly Change[]): Change[] {
  const changes = new Map(older.map((change) => [change.field, change]));
  for (const change of newer) {
    changes.set(change.field, { ...change, old: changes.get(change.field)?.old ?? (changes.has(change.field) ? null : change.old) });
  }
  return [...changes.values()];
}

/** Entries by the day on which they were, as "2026-11-26". */
export function byDay(entries: readonly Entry[], dayOf: (at: number) => string): [day: string, entries: Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = dayOf(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
