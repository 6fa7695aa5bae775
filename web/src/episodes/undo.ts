import { call, client } from '../client';
import { useSession } from '../session';
import { text } from '../text';
import { toast } from '../ui';
import { saveEpisode, type Saved } from './api';
import { refusalWords } from './complaint';
import { episodeMarks, fieldsOf, same, type Episode, type Field, type Patch } from './store/episode';
import { valueWords } from './values';

/** Says what was saved, beside what others did meanwhile, and how to take it back. */
export function tellSaved(began: Episode, patch: Patch, { episode, beside }: Extract<Saved, { is: 'saved' }>): void {
  const fields = fieldsOf(patch);
  const [field] = fields;
  const by = episodeMarks.of(began.id).get('')?.name ?? text.someone;
  episodeMarks.clear(began.id);
  const undo = (): Promise<void> => takeBack(began, episode, fields);
  if (beside) {
    const changed = all.filter((one) => !same(beside[one], began[one]) && !same(beside[one], patch[one]));
    toast({ words: text.edits.beside({ name: by, fields: changed.map((one) => text.edits.fields[one] ?? one) }), undo });
  } else if (patch.status === 'published') {
    toast({ words: text.edits.publishedAll, more: text.edits.publishedUndo({ status: text.status[began.status] }), undo });
  } else if (field && fields.length === 1 && field !== 'description') {
    toast({ words: text.edits.set({ field: text.edits.fields[field] ?? field, value: valueWords(field, patch[field]) }), undo });
  } else {
    toast({ words: text.edits.setShort({ field: fields.length > 1 ? text.edits.number : (text.edits.fields[field ?? ''] ?? '') }), undo });
  }
}

const all = ['title', 'description', 'status', 'air_date', 'categories', 'show_id', 'season_number', 'episode_number', 'thumbnail_url'] as const;

/** Writes back what fields of an episode were before. Where somebody has changed one of them since, it is left as it is: rejects with words for people. */
export async function takeBack(before: Episode, after: Episode, fields: readonly Field[], save: typeof saveEpisode = saveEpisode): Promise<void> {
  const saved = await save(after, Object.fromEntries(fields.map((field) => [field, before[field]])));
  if (saved.is === 'clash') {
    throw new Error(text.edits.changedSince({ name: await whoChanged(before.id, fields) }));
  }
  if (saved.is === 'refused') {
    throw new Error(refusalWords(saved.error));
  }
}

/** Who changed a field of an episode last, in words. The event tells of it; if that is still on its way, or was long ago, the log does. */
export async function whoChanged(id: string, fields: readonly Field[]): Promise<string> {
  const heard = fields.flatMap((field) => episodeMarks.of(id).get(field)?.name ?? []);
  if (heard[0] !== undefined) {
    return heard[0];
  }
  const by = await lastChanger(id, fields);
  return by.id === useSession.getState().me?.id ? text.edits.you : by.name;
}

const farBack = 50; // entries of the log that are looked through

/** Who changed a field of an episode last, as the log has it. */
export async function lastChanger(id: string, fields: readonly Field[]): Promise<{ id: string; name: string }> {
  try {
    const { data } = await call(() => client.api.GET('/api/v1/activity/resource/{type}/{id}', { params: { path: { type: 'episode', id }, query: { limit: farBack, wait: true } } }));
    const entry = data.find(({ metadata }) => fields.some((field) => field in ((metadata as { changes?: object } | null)?.changes ?? {})));
    return entry ? { id: entry.user_id, name: entry.user_name } : { id: '', name: text.someone };
  } catch {
    return { id: '', name: text.someone };
  }
}
