import { useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';

import { call, client } from '../client';

export type Why = Schemas['NotificationWhy'];
export type WhyStep = Schemas['NotificationWhyStep'];

/** Why a note came. */
export function useWhyOfNote(id: string) {
  return useQuery({
    queryKey: ['why', 'note', id],
    queryFn: async ({ signal }): Promise<Why> => (await call(() => client.api.GET('/api/v1/notifications/{id}/why', { params: { path: { id } }, signal }))).data,
    refetchOnMount: 'always',
    retry: false,
  });
}

/** What became of an event for somebody. */
export function useWhyOfEvent(id: string, user: string) {
  return useQuery({
    queryKey: ['why', 'event', id, user],
    queryFn: async ({ signal }): Promise<Why> => (await call(() => client.api.GET('/api/v1/events/{id}/why', { params: { path: { id }, query: { user } }, signal }))).data,
    refetchOnMount: 'always',
    retry: false,
  });
}
