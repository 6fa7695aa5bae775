import { episodeOf } from './api';
import type { Note } from './store/note';

/** The address of what a note is about; undefined where it is about nothing that has one, or that is gone. */
export function placeOf(note: Note | undefined): string | undefined {
  if (!note || note.type === 'episode_deleted' || note.type === 'show_deleted') {
    return undefined;
  }
  if (note.resource_type === 'show') {
    return `/episodes?show=${note.resource_id}`;
  }
  if (note.resource_type === 'job') {
    return `/jobs/${note.resource_id}`;
  }
  const episode = episodeOf(note);
  return episode && `/episodes/${episode}`;
}
