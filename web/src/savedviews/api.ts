import type { Schemas } from 'callboard';
import { queryOptions, useQuery } from '@tanstack/react-query';

import { base, call, client, problemWords, queries } from '../client';
import { queue } from '../live';
import { useMayEdit } from '../session';
import { text } from '../text';
import { copyText, toast } from '../ui';
import { viewAddress } from './address';

export type SavedView = Schemas['SavedviewView'];

const path = '/api/v1/saved-views';

export const savedViewsQuery = queryOptions({
  queryKey: ['saved-views'] as const,
  queryFn: async ({ signal }): Promise<SavedView[]> => (await call(() => client.api.GET(path, { signal }))).data,
});

const none: SavedView[] = [];

/** The saved views of the team and one's own, each in their order. */
export function useSavedViews(): SavedView[] {
  return useQuery(savedViewsQuery).data ?? none;
}

/** Whether whoever is signed in may change a view: one's own always, the team's only as an editor. */
export function useMayChange(): (view: SavedView) => boolean {
  const mayEdit = useMayEdit();
  return ({ team }) => mayEdit || !team;
}

// They are few and rarely change: the list is read anew. It tells of places, too, which the event of another view may have changed.
queue.applies((batch) => {
  if (batch.some(({ message }) => /^saved_view_(created|updated|deleted)$/.test(message.event) && !message.direct)) {
    void readAnew();
  }
});

async function readAnew(): Promise<void> {
  await queries.invalidateQueries({ queryKey: savedViewsQuery.queryKey });
}

async function create(body: Schemas['SavedviewPostInputBody']): Promise<SavedView> {
  const { data } = await call(() => client.api.POST(path, { body }));
  await readAnew();
  return data;
}

async function update(id: string, body: Schemas['SavedviewPatchInputBody']): Promise<void> {
  await call(() => client.api.PATCH('/api/v1/saved-views/{id}', { params: { path: { id } }, body }));
  await readAnew();
}

async function remove(id: string): Promise<void> {
  await call(() => client.api.DELETE('/api/v1/saved-views/{id}', { params: { path: { id } } }));
  await readAnew();
}

/** Has an undo reject with words for people. */
async function orWhy(done: Promise<unknown>): Promise<void> {
  try {
    await done;
  } catch (error) {
    throw new Error(problemWords(error), { cause: error });
  }
}

/** Does something, and says so when it is refused. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toast({ look: 'bad', words: text.savedViews.notDone, more: problemWords(error) });
  }
}

/** Pins what an address shows, for me or for everybody, and returns the view that it is then. Rejects when it is refused. */
export async function pin(name: string, address: string, team: boolean): Promise<SavedView> {
  const made = await create({ name, address: viewAddress(address), team });
  toast({ words: text.savedViews.pinned({ name, team }) });
  return made;
}

/** Rejects when it is refused. */
export async function rename({ id, name: before }: SavedView, name: string): Promise<void> {
  await update(id, { name });
  toast({ words: text.savedViews.renamed({ name }), undo: () => orWhy(update(id, { name: before })) });
}

/** Has a view show what an address shows. */
export const replace = ({ id, name, address: before }: SavedView, address: string): Promise<void> =>
  attempt(async () => {
    await update(id, { address: viewAddress(address) });
    toast({ words: text.savedViews.replaced({ name }), undo: () => orWhy(update(id, { address: before })) });
  });

/** Takes a view away. */
export const unpin = ({ id, name, address, team, position }: SavedView): Promise<void> =>
  attempt(async () => {
    await remove(id);
    const again = async (): Promise<void> => {
      const made = await create({ name, address, team });
      await update(made.id, { position });
    };
    toast({ words: text.savedViews.unpinned({ name }), undo: () => orWhy(again()) });
  });

/** Gives one of one's own to the team. */
export const pinForEverybody = ({ id, name, address }: SavedView): Promise<void> =>
  attempt(async () => {
    await create({ name, address, team: true });
    await remove(id);
    toast({ words: text.savedViews.pinned({ name, team: true }) });
  });

/** Puts a view at a place among those of the team, or among one's own. */
export const place = ({ id }: SavedView, position: number): Promise<void> => attempt(() => update(id, { position }));

export const copyLink = ({ address }: SavedView): Promise<void> => copyText(window.location.origin + base + address, text.savedViews.copied);
