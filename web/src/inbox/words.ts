import { IconAlertTriangle, IconArchive, IconBan, IconBell, IconBroadcast, IconCheck, IconPaperclip, IconPencil, IconPlus, IconStack2, IconTrash, type Icon } from '@tabler/icons-react';

import { text, type Sentence } from '../text';
import { inboxText } from '../text/inbox';
import type { Note } from './store/note';

/** Old and new value of the fields that a note tells of. */
export type Changes = Record<string, { old: unknown; new: unknown }>;

export function changesOf({ data }: Note): Changes {
  return (data['changes'] as Changes | undefined) ?? {};
}

/** The names of the fields that a note tells of, also where it is too long for their values. */
export function changedFields(note: Note): string[] {
  return (note.data['changed'] as string[] | undefined) ?? Object.keys(changesOf(note));
}

/** What a note says: in our words where we know its type and the name of what it is about, else in the server's. */
export function sentenceOf(note: Note): Sentence {
  if (note.type === 'digest') {
    return inboxText.digest({ n: note.count });
  }
  const told = inboxText.told[note.type];
  const name = nameOf(note);
  return told && name ? told({ actor: note.actor_name || text.someone, name }) : [{ name: note.message }];
}

/** The name of what a note is about; empty when it is not told. */
export function nameOf({ data }: Note): string {
  const name = data['title'] ?? data['name'];
  return typeof name === 'string' ? name : '';
}

export function plain(sentence: Sentence): string {
  return sentence.map((part) => (typeof part === 'string' ? part : part.name)).join('');
}

const icons: Partial<Record<string, Icon>> = {
  episode_created: IconPlus,
  episode_updated: IconPencil,
  episode_published: IconBroadcast,
  episode_archived: IconArchive,
  episode_deleted: IconTrash,
  show_updated: IconPencil,
  show_deleted: IconTrash,
  file_created: IconPaperclip,
  file_updated: IconPencil,
  file_deleted: IconTrash,
  job_completed: IconCheck,
  job_failed: IconAlertTriangle,
  job_cancelled: IconBan,
  digest: IconStack2,
};

export function iconOf({ type, priority }: Note): Icon {
  return priority === 'urgent' ? IconAlertTriangle : (icons[type] ?? IconBell);
}

/** Whether a person stands for the note, rather than what became of a job. */
export function byPerson({ type, actor_id }: Note): boolean {
  return actor_id !== '' && actor_id !== 'system' && type !== 'digest' && !/^job_(completed|failed)$/.test(type);
}
