import type { Message, Schemas } from 'callboard';

import { kindName } from '../../jobs/shared';
import type { ActivityAddress } from '../address';

export type Entry = Omit<Schemas['ActivityView'], 'metadata'> & { metadata: Metadata };

interface Metadata {
  changes?: Record<string, { old: unknown; new: unknown }>;
  show_id?: string | null;
  season_number?: number | null;
  episode_number?: number | null;
  episode_id?: string | null;
  attempt?: number;
  max_attempts?: number;
  error?: string;
}

export const entryOf = (view: Schemas['ActivityView']): Entry => ({ ...view, metadata: (view.metadata ?? {}) });

/** The events that all hear of and that are entries of the log, by what the entry calls them. */
const actions: Record<string, string> = {
  show_created: 'created_show', show_updated: 'updated_show', show_deleted: 'deleted_show',
  episode_created: 'created_episode', episode_updated: 'updated_episode', episode_published: 'published_episode',
  episode_archived: 'archived_episode', episode_deleted: 'deleted_episode', episode_restored: 'restored_episode',
  file_created: 'created_file', file_updated: 'updated_file', file_deleted: 'deleted_file',
  job_queued: 'queued_job', job_started: 'started_job', job_completed: 'completed_job', job_retry: 'retried_job', job_failed: 'failed_job', job_cancelled: 'cancelled_job',
};

/** The entry that an event becomes, a moment before the log has it; undefined for what is none. */
export function entryOfEvent({ id, pos = 0, event, timestamp, actor, resource, data, direct }: Message): Entry | undefined {
  const action = actions[event];
  if (!action || direct) {
    return undefined;
  }
  const { title, name, kind } = data as { title?: string; name?: string; kind?: string };
  return {
    id, pos, action, source: 'callboard', created_at: timestamp, user_id: actor.id, user_name: actor.name, resource_type: resource.type, resource_id: resource.id,
    resource_name: title ?? name ?? (kind === undefined ? '' : kindName(kind)), metadata: data as Metadata,
  };
}

/** What a list of the log holds. Instants are in the form of the wire; none is left open. */
export interface Filter extends Pick<ActivityAddress, 'q' | 'who' | 'action' | 'type'> {
  since: string;
  until: string;
}

/** Whether a new entry belongs to a list. What a search finds the server alone knows. */
export function matches({ q, who, action, type, since, until }: Filter, entry: Entry): boolean {
  const at = Date.parse(entry.created_at);
  return (
    q === '' && (who === '' || entry.user_id === who) && (action === '' || entry.action === action) && (type === '' || entry.resource_type === type) &&
    (since === '' || at >= Date.parse(since)) && (until === '' || at < Date.parse(until))
  );
}

/** An entry, with those below it that say the same of other things. */
export interface Run {
  first: Entry;
  rest: readonly Entry[];
}

const pause = 10 * 60_000; // ms between two entries of a run, at most
const least = 3; // entries that are worth folding

/** Folds runs of one action of one person within a day. Of what has old and new values each stays by itself. */
export function fold(entries: readonly Entry[], dayOf: (at: number) => string): Run[] {
  const runs: Run[] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const last = run?.rest.at(-1) ?? run?.first;
    if (run && last && goesOn(last, entry, dayOf)) {
      runs[runs.length - 1] = { ...run, rest: [...run.rest, entry] };
    } else {
      runs.push({ first: entry, rest: [] });
    }
  }
  return runs.flatMap(({ first, rest }) => (rest.length + 1 < least ? [first, ...rest].map((one) => ({ first: one, rest: [] })) : [{ first, rest }]));
}

function goesOn(newer: Entry, older: Entry, dayOf: (at: number) => string): boolean {
  const [to, from] = [Date.parse(newer.created_at), Date.parse(older.created_at)];
  return (
    newer.user_id === older.user_id && newer.action === older.action && newer.source === older.source && !newer.metadata.changes && !older.metadata.changes &&
    to - from <= pause && dayOf(to) === dayOf(from)
  );
}
