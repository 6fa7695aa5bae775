import type { Message, Schemas } from 'callboard';

import { call, client } from '../../client';
import { queue } from '../../live';
import { useSession } from '../../session';
import { changeLists } from './lists';
import { episodeMarks, episodes, sketches, type Episode } from './episode';

type Data = Schemas['EpisodeData'];

const names = /^episode_(created|updated|published|archived|deleted|restored)$/;

/** The fields that a change can mark, by the names of the server. */
const marked = ['title', 'status', 'air_date', 'categories', 'show_id', 'season_number', 'episode_number', 'description', 'thumbnail_url'] as const;

queue.applies((batch) => {
  const changed = new Set<string>();
  episodeMarks.begin();
  for (const { message } of batch) {
    if (names.test(message.event) && !message.direct) {
      applyEvent(message as Message<Data>);
      changed.add(message.resource.id);
    }
  }
  if (changed.size > 0) {
    changeLists(changed);
  }
});

/** Applies an event to the record that it is about. What it does not tell of a record that is new, or missed a version, has to be read. */
export function applyEvent(message: Message<Data>): void {
  const { data, actor, resource } = message;
  const before = episodes.saved(resource.id);
  if (before && before.version >= data.version) {
    return; // it was read, or saved, after that
  }
  const after = merged(before, message);
  if (before?.version !== data.version - 1) {
    sketches.add(resource.id);
  }
  episodes.put(after);
  if (before && actor.id !== useSession.getState().me?.id) {
    const fields = marked.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
    episodeMarks.add(resource.id, fields, actor);
  }
}

function merged(before: Episode | undefined, { event, data, timestamp, actor, resource }: Message<Data>): Episode {
  const { changes } = data;
  return {
    id: resource.id,
    created_at: before?.created_at ?? timestamp,
    created_by: before?.created_by ?? actor.id,
    created_by_name: before?.created_by_name ?? (before ? null : actor.name),
    updated_at: timestamp,
    version: data.version,
    title: data.title,
    status: data.status as Episode['status'],
    show_id: data.show_id ?? null,
    season_number: data.season_number ?? null,
    episode_number: data.episode_number ?? null,
    air_date: data.air_date ?? null,
    description: changes?.['description'] ? (changes['description'].new as string | null) : (before?.description ?? null),
    categories: changes?.['categories'] ? ((changes['categories'].new as string[] | null) ?? []) : (before?.categories ?? []),
    thumbnail_url: changes?.['thumbnail_url'] ? (changes['thumbnail_url'].new as string | null) : (before?.thumbnail_url ?? null),
    ...(event === 'episode_deleted' ? { deleted_at: timestamp } : {}),
  };
}

/** Reads an episode of which events did not tell all, once. */
export async function completeEpisode(id: string): Promise<void> {
  if (!sketches.delete(id)) {
    return;
  }
  try {
    const { data } = await call(() => client.api.GET('/api/v1/episodes/{id}', { params: { path: { id }, query: { track: false } } }));
    if ((episodes.saved(id)?.version ?? 0) <= data.version) {
      episodes.put(data);
      changeLists(new Set([id]));
    }
  } catch {
    // deleted meanwhile, of which an event tells; or no answer, and the next event or list brings it
  }
}
