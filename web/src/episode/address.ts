import { choice } from '../address';

export const parts = ['details', 'timeline', 'files', 'jobs'] as const;
export type Part = (typeof parts)[number];

export const onlies = ['all', 'fields', 'files', 'jobs'] as const;
export type Only = (typeof onlies)[number];

/** What an address of an episode says: the part that phones show, and what the timeline holds. */
export const episodeParams = { part: choice(parts, 'details'), only: choice(onlies, 'all') };
