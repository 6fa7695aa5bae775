import type { Schemas } from 'callboard';

import { Marks, Records } from '../../live';

export type Episode = Schemas['EpisodeView'];
export type Field = Exclude<keyof Schemas['EpisodePatchBody'], undefined>;

/** All episodes that were read, each once. Lists hold their ids. */
export const episodes = new Records<Episode>();

/** What others have just changed in them. */
export const episodeMarks = new Marks();

/** Episodes of which events have not told all: whoever shows one has it read. */
export const sketches = new Set<string>();
