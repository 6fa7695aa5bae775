import type { Schemas } from 'callboard';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { create } from 'zustand';

import { call, client } from '../client';
import { connection, queue } from '../live';
import { useMe } from '../session';

export type Viewer = Schemas['Viewer'];

/** The first of those who look at something, and how many there are. */
type Viewers = Pick<Schemas['PresenceViewerList'], 'viewers' | 'total'>;

/** Who looks at an episode, by its id. Each list replaces the one before. */
const useAllViewers = create<ReadonlyMap<string, Viewers>>(() => new Map());

const nobody: Viewers = { viewers: [], total: 0 };

function take(id: string, viewers: Viewers): void {
  useAllViewers.setState(new Map(useAllViewers.getState()).set(id, viewers), true);
}

queue.applies((batch) => {
  for (const { message } of batch) {
    if (message.event === 'viewers' && message.resource.type === 'episode' && !message.direct) {
      take(message.resource.id, message.data as Schemas['PresenceViewerList']);
    }
  }
});

/** Is one of those who look at an episode, and hears what happens around it, while the page is open. */
export function useLooking(id: string): void {
  useEffect(() => {
    const release = [connection.hold(`viewers:episode:${id}`, undefined, { track: true }), connection.hold(`episode:${id}`)];
    const asked = new AbortController();
    call(() => client.api.GET('/api/v1/presence/resource-viewers/{type}/{id}', { params: { path: { type: 'episode', id } }, signal: asked.signal })).then(
      ({ data }) => {
        if (!useAllViewers.getState().has(id)) {
          take(id, data);
        }
      },
      () => undefined, // presence may be switched off, and the page does without
    );
    return () => {
      asked.abort();
      release.forEach((end) => end());
      const all = new Map(useAllViewers.getState());
      all.delete(id);
      useAllViewers.setState(all, true);
    };
  }, [id]);
}

/** Who looks at an episode: those who edit it, then those who came first. Of a crowd the list has the first ones. */
export function useViewers(id: string): Viewers {
  return useAllViewers((all) => all.get(id) ?? nobody);
}

/** Who else edits one of some fields. */
export function useEditor(id: string, fields: readonly string[]): Viewer | undefined {
  const me = useMe();
  const { viewers } = useViewers(id);
  return useMemo(() => viewers.find(({ user_id, editing }) => user_id !== me.id && editing?.some((field) => fields.includes(field))), [viewers, me.id, fields]);
}

const refresh = 2500; // ms: the server forgets a hint after six seconds

/** Tells the others that one edits a field. Returns what to call with each letter, and what to call at the end, which unmounting does, too. */
export function useEditingHint(id: string, field: string): { typed: () => void; ended: () => void } {
  const told = useRef(0);
  const typed = useCallback((): void => {
    const now = Date.now();
    if (now - told.current > refresh) {
      told.current = now;
      client.PresenceService.trackViewer({ resourceType: 'episode', resourceId: id, editing: field }).catch(() => undefined); // it is a hint
    }
  }, [id, field]);
  const ended = useCallback((): void => {
    if (told.current > 0) {
      told.current = 0;
      client.PresenceService.removeViewer(null, 'episode', id, { editing: field }).catch(() => undefined);
    }
  }, [id, field]);
  useEffect(() => ended, [ended]);
  return { typed, ended };
}
