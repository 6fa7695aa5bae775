import type { Schemas } from 'callboard';

import { Marks, Records } from '../../live';

export type Episode = Schemas['EpisodeView'];
/** Some of its fields, with other values. */
export type Patch = Schemas['EpisodePatchBody'];
export type Field = keyof Patch & keyof Episode;

export const fieldsOf = (patch: Patch): Field[] => Object.keys(patch) as Field[];

/** Whether two values of a field are the same. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** All episodes that were read, each once. Lists hold their ids. */
export const episodes = new Records<Episode>();

/** What others have just changed in them. */
export const episodeMarks = new Marks();

/** Episodes of which events have not told all: whoever shows one has it read. */
export const sketches = new Set<string>();
