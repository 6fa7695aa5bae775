import { problemWords, statusOf } from '../client';
import { number, text } from '../text';
import type { Patch } from './store/episode';

const longest = { title: 255, description: 10_000, category: 50 };
const most = { categories: 20, season_number: 9999, episode_number: 99_999 };

const length = (words: string): number => [...words].length;

/** What is wrong with a change before anything is sent; undefined when nothing is. */
export function complaint(patch: Patch): string | undefined {
  const { title, description, categories } = patch;
  if (title?.trim() === '') {
    return text.episodes.titleEmpty;
  }
  if (title !== undefined && length(title) > longest.title) {
    return text.episodes.titleLong;
  }
  if (description && length(description) > longest.description) {
    return text.edits.tooLong;
  }
  if (categories && categories.length > most.categories) {
    return text.edits.tooMany;
  }
  if (categories?.some((name) => length(name) > longest.category)) {
    return text.edits.tooLongCategory;
  }
  for (const field of ['season_number', 'episode_number'] as const) {
    const n = patch[field];
    if (n !== undefined && n !== null && !(Number.isInteger(n) && n >= 0 && n <= most[field])) {
      return text.edits.wholeNumber({ field: text.edits.fields[field] ?? field, most: number(most[field]) });
    }
  }
  return undefined;
}

/** Why a change was refused. One of an episode that somebody has deleted meanwhile says what to do about that. */
export function refusalWords(error: unknown): string {
  return statusOf(error) === 404 ? text.edits.deleted : problemWords(error, text.edits.fields);
}
