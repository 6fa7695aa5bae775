import { inboxText } from '../text/inbox';

/** The types of notes that Callboard itself has, in the order of their groups. */
export const types = [
  'episode_updated',
  'episode_created',
  'episode_published',
  'episode_archived',
  'episode_deleted',
  'file_created',
  'file_updated',
  'file_deleted',
  'job_completed',
  'job_failed',
  'job_cancelled',
  'show_updated',
  'show_deleted',
] as const;

export type NoteType = (typeof types)[number];
export type Group = keyof typeof inboxText.groups;

const known: ReadonlySet<string> = new Set(types);

export function isOurs(type: string): type is NoteType {
  return known.has(type);
}

export function groupOf(type: string): Group {
  return isOurs(type) ? (`${type.slice(0, type.indexOf('_'))}s` as Group) : 'applications';
}

/** The name of a type where it stands by itself. */
export function typeName(type: string): string {
  return isOurs(type) ? inboxText.typeAlone({ group: inboxText.groups[groupOf(type)], type: inboxText.types[type] }) : inboxText.ownType({ type });
}
