import { queryOptions } from '@tanstack/react-query';

import { call, client, device } from '../client';
import { useSession } from '../session';
import { takeEpisode } from './api';
import { episodes, type Episode } from './store/episode';

const most = 6;

/** The episodes that have these words in their titles, as many as a short list holds. */
export const findQuery = (q: string) =>
  queryOptions({
    queryKey: ['episodes', 'find', q] as const,
    queryFn: async ({ signal }): Promise<readonly Episode[]> => {
      const { data } = await call(() => client.api.GET('/api/v1/episodes', { params: { query: { q, limit: most } }, signal }));
      data.forEach(takeEpisode);
      return data;
    },
    staleTime: 30_000,
  });

const recentKey = (): string => `callboard.recent.${useSession.getState().me?.id ?? ''}`;

/** The episodes that were open last on this device, newest first. */
export function recentEpisodes(): readonly Episode[] {
  try {
    const kept = JSON.parse(device.get(recentKey()) ?? '[]') as Episode[];
    return kept.filter(({ id, title }) => typeof id === 'string' && typeof title === 'string').map((episode) => episodes.get(episode.id) ?? episode).filter(({ deleted_at }) => deleted_at === undefined);
  } catch {
    return []; // of another version of the board
  }
}

/** Notes that an episode is open. */
export function noteRecent(episode: Episode): void {
  const rest = recentEpisodes().filter(({ id }) => id !== episode.id);
  const { id, title, status, show_id, season_number, episode_number, thumbnail_url } = episode;
  const kept = { id, title, status, show_id, season_number, episode_number, thumbnail_url };
  device.set(recentKey(), JSON.stringify([kept, ...rest].slice(0, most)));
}
