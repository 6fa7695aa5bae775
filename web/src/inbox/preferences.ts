import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';
import { useCallback, useEffect, useRef, useState } from 'react';

import { call, client, problemWords, queries } from '../client';
import { text } from '../text';
import { inboxText } from '../text/inbox';
import { toast } from '../ui';

export type Preferences = Schemas['NotificationPreferences'];

const preferencesQuery = queryOptions({
  queryKey: ['inbox', 'preferences'],
  queryFn: async ({ signal }): Promise<Preferences> => {
    const { data } = await call(() => client.api.GET('/api/v1/notifications/preferences', { signal }));
    return data;
  },
  refetchOnMount: 'always',
});

const pause = 400; // ms after the last change until it is saved

/** What whoever is signed in wants to hear of. Changes show at once and are saved a moment later; refused, all of it goes back. */
export function usePreferences() {
  const query = useQuery(preferencesQuery);
  const [draft, setDraft] = useState<Preferences>();
  const [saved, setSaved] = useState(false);
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; preferences: Preferences }>(undefined);
  const save = useCallback(async () => {
    const next = waiting.current?.preferences;
    if (!next) {
      return;
    }
    clearTimeout(waiting.current?.timer);
    waiting.current = undefined;
    try {
      const { data } = await call(() => client.api.PUT('/api/v1/notifications/preferences', { body: next }));
      queries.setQueryData(preferencesQuery.queryKey, data);
      setSaved(true);
    } catch (error) {
      clearTimeout((waiting.current as { timer: ReturnType<typeof setTimeout> } | undefined)?.timer);
      waiting.current = undefined;
      toast({ look: 'bad', words: text.failed.notSaved, more: problemWords(error, inboxText.quiet.fields) });
    }
    if (!waiting.current) {
      setDraft(undefined);
    }
  }, []);
  useEffect(() => () => void save(), [save]); // who leaves does not wait
  const change = useCallback(
    (preferences: Preferences) => {
      setDraft(preferences);
      setSaved(false);
      clearTimeout(waiting.current?.timer);
      waiting.current = { preferences, timer: setTimeout(() => void save(), pause) };
    },
    [save],
  );
  return { preferences: draft ?? query.data, error: query.error, read: query.refetch, saving: draft !== undefined, saved, change };
}

/** How a type reaches its reader. A type that is not named has both ways on. */
export function channelsOf({ types }: Pick<Preferences, 'types'>, type: string): Preferences['types'][string] {
  return types[type] ?? { in_app: true, live: true };
}

/** The types after one was changed. What is as it is without being named is not named. */
export function withChannels(types: Preferences['types'], type: string, channels: Preferences['types'][string]): Preferences['types'] {
  const rest = Object.fromEntries(Object.entries(types).filter(([name]) => name !== type));
  return channels.in_app && channels.live ? rest : { ...rest, [type]: channels };
}
