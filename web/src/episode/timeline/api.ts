import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Message, Schemas } from 'callboard';

import { call, client, queries } from '../../client';
import { Marks, queue } from '../../live';
import { useSession } from '../../session';

type View = Schemas['ActivityView'];

/** What others have just done, by the id of its entry. */
export const entryMarks = new Marks();

const timelineQuery = (episode: string) =>
  infiniteQueryOptions({
    queryKey: ['episode', episode, 'timeline'] as const,
    queryFn: async ({ pageParam, signal }) => {
      const params = { path: { type: 'episode', id: episode }, query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } };
      return call(() => client.api.GET('/api/v1/activity/resource/{type}/{id}', { params, signal }));
    },
    initialPageParam: '',
    getNextPageParam: ({ pagination }) => pagination.next_cursor || undefined,
  });

/** What was done to an episode itself, newest first. */
export function useChanges(episode: string) {
  return useInfiniteQuery(timelineQuery(episode));
}

/** How far back renamed and deleted files are looked for among those of all episodes. */
const most = 200;

const fileChangesQuery = (episode: string, since: string) =>
  queryOptions({
    queryKey: ['episode', episode, 'file-changes'] as const,
    queryFn: async ({ signal }): Promise<View[]> => {
      const read = async (action: string): Promise<View[]> => {
        const query = { action, resource_type: 'file', since, limit: most };
        const { data } = await call(() => client.api.GET('/api/v1/activity/feed', { params: { query }, signal }));
        return data.filter(({ metadata }) => (metadata as { episode_id?: string }).episode_id === episode);
      };
      return (await Promise.all(['created_file', 'updated_file', 'deleted_file'].map(read))).flat();
    },
  });

/** What was done to the files of an episode. */
export function useFileChanges(episode: string, since: string): View[] | undefined {
  return useQuery(fileChangesQuery(episode, since)).data;
}

const actions: Record<string, string> = {
  episode_created: 'created_episode', episode_updated: 'updated_episode', episode_published: 'published_episode', episode_archived: 'archived_episode',
  episode_deleted: 'deleted_episode', episode_restored: 'restored_episode', file_created: 'created_file', file_updated: 'updated_file', file_deleted: 'deleted_file',
};

// What happens is an entry at once: the log has it a moment later, with the same id.
queue.applies((batch) => {
  entryMarks.begin();
  for (const { message } of batch) {
    const action = actions[message.event];
    if (!action || message.direct) {
      continue;
    }
    const data = message.data as Schemas['EpisodeData'] & Schemas['FileData'];
    const isFile = message.resource.type === 'file';
    const episode = isFile ? data.episode_id : message.resource.id;
    if (episode === undefined) {
      continue;
    }
    const view = viewOf(message, action, (isFile ? data.name : data.title) ?? '');
    const added = isFile ? addToFiles(episode, view) : addToChanges(episode, view);
    if (added && message.actor.id !== useSession.getState().me?.id) {
      entryMarks.add(view.id, ['entry'], message.actor);
    }
  }
});

function viewOf({ id, pos = 0, timestamp, actor, resource, data }: Message, action: string, name: string): View {
  return {
    id, pos, action, source: 'callboard', created_at: timestamp, user_id: actor.id, user_name: actor.name, resource_type: resource.type, resource_id: resource.id, resource_name: name, metadata: data,
  };
}

/** How many entries of what happens are kept before those that were read; a page that is open all day would grow without end. */
const mostLive = 500;

function addToChanges(episode: string, view: View): boolean {
  let added = false;
  let full = false;
  const { queryKey } = timelineQuery(episode);
  queries.setQueryData(queryKey, (data) => {
    const [first, ...rest] = data?.pages ?? [];
    if (!data || !first || data.pages.some((page) => page.data.some(({ id }) => id === view.id))) {
      return data;
    }
    added = true;
    full = first.data.length >= mostLive;
    return full ? { pages: [first], pageParams: data.pageParams.slice(0, 1) } : { ...data, pages: [{ ...first, data: [view, ...first.data] }, ...rest] };
  });
  if (full) {
    void queries.invalidateQueries({ queryKey }); // the newest are read anew, and the older ones when somebody goes there
  }
  return added;
}

function addToFiles(episode: string, view: View): boolean {
  let added = false;
  queries.setQueryData(fileChangesQuery(episode, '').queryKey, (views) => {
    if (!views || views.some(({ id }) => id === view.id)) {
      return views;
    }
    added = true;
    return [view, ...views].slice(0, mostLive);
  });
  return added;
}
