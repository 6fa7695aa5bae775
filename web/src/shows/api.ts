import type { Schemas } from 'callboard';
import { queryOptions, useQuery } from '@tanstack/react-query';

import { call, client, problemWords, queries, statusOf } from '../client';
import { queue } from '../live';
import { compareText, text } from '../text';
import { toast } from '../ui';

export type Show = Schemas['ShowView'];

const showsKey = ['shows'];

export const showsQuery = queryOptions({
  queryKey: showsKey,
  queryFn: async ({ signal }): Promise<Show[]> => {
    const shows: Show[] = [];
    for (let cursor = ''; ; ) {
      const page = await call(() => client.api.GET('/api/v1/shows', { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } }, signal }));
      shows.push(...page.data);
      cursor = page.pagination.next_cursor;
      if (!cursor) {
        return shows.sort((a, b) => compareText(a.title, b.title));
      }
    }
  },
});

/** All shows, by title. */
export function useShows(): Show[] {
  return useQuery(showsQuery).data ?? [];
}

// There are few shows and they rarely change: the list is read anew.
queue.applies((batch) => {
  if (batch.some(({ message }) => /^show_(created|updated|deleted)$/.test(message.event) && !message.direct)) {
    void queries.invalidateQueries({ queryKey: showsKey });
  }
});

type Fields = Pick<Show, 'title' | 'description'>;

async function readAnew(): Promise<void> {
  await queries.invalidateQueries({ queryKey: showsKey });
}

/** Rejects when it is refused, as all of these. */
export async function createShow({ title, description }: Fields): Promise<Show> {
  const { data } = await call(() => client.api.POST('/api/v1/shows', { body: { title, ...(description && { description }) } }));
  await readAnew();
  toast({ words: text.shows.created({ title }) });
  return data;
}

/** Saves what differs. With a version it is refused when somebody else has changed the show since. */
export async function changeShow(before: Show, { title, description }: Fields, version?: number): Promise<void> {
  const save = (body: Partial<Fields>, match = {}) => call(() => client.api.PATCH('/api/v1/shows/{id}', { params: { path: { id: before.id }, header: match }, body }));
  const changed = { ...(title !== before.title && { title }), ...(description !== before.description && { description }) };
  const { data } = await save(changed, version === undefined ? {} : { 'If-Match': `"v${version}"` });
  await readAnew();
  toast({
    words: text.shows.saved({ title: data.title }),
    undo: async () => {
      try {
        await save({ title: before.title, description: before.description }, { 'If-Match': `"v${data.version}"` });
        await readAnew();
      } catch (error) {
        throw new Error(statusOf(error) === 412 ? text.shows.changedMeanwhile : problemWords(error), { cause: error });
      }
    },
  });
}

export async function deleteShow({ id }: Show): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/shows/{id}', { params: { path: { id } } }));
  await readAnew();
}

const watchKey = (id: string) => ['shows', id, 'watch'] as const;

/** Whether I watch a show; undefined while that is not known. */
export function useWatchingShow(id: string, { enabled }: { enabled: boolean }): boolean | undefined {
  return useQuery({
    queryKey: watchKey(id),
    queryFn: async ({ signal }) => (await call(() => client.api.GET('/api/v1/shows/{id}', { params: { path: { id } }, signal }))).watching,
    enabled,
    staleTime: 0, // no event tells of it
  }).data;
}

export async function watchShow({ id, title }: Show, wanted: boolean): Promise<void> {
  const init = { params: { path: { id } } };
  try {
    await call<unknown>(() => (wanted ? client.api.PUT('/api/v1/shows/{id}/watch', init) : client.api.DELETE('/api/v1/shows/{id}/watch', init)));
    queries.setQueryData(watchKey(id), wanted);
    toast({ words: wanted ? text.shows.nowWatching({ title }) : text.shows.notWatching({ title }) });
  } catch (error) {
    toast({ look: 'bad', words: text.shows.notDone, more: problemWords(error) });
  }
}
