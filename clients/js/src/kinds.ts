import type { Schemas } from './api.js';

// The kinds of jobs of the product. Arguments and results are as they are on the wire: what a kind takes is its own, so that
// the arguments of a job can be passed on as they were read.

/** Which episodes a job is about. */
export type EpisodeFilter = Schemas['JobkindsEpisodeFilter'];

/** Which entries of the activity log a job is about. */
export type ActivityFilter = Schemas['JobkindsActivityFilter'];

export type ThumbnailArgs = Schemas['JobkindsThumbnailArgs'];
export type ImportArgs = Schemas['JobkindsImportArgs'];
export type ExportArgs = Schemas['JobkindsExportArgs'];
export type DeleteArgs = Schemas['JobkindsDeleteArgs'];

export interface ThumbnailResult {
  /** Of the episode from now on: the medium size. */
  thumbnail_url: string;
  variants: { variant: 'small' | 'medium' | 'large'; file_id: string; width: number; height: number; size: number }[];
}

export interface ImportResult {
  /** Rows that were read: created, updated, unchanged, refused and skipped ones. */
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: number;
  skipped: number;
  dry_run: boolean;
  /** How the file was read. */
  layout: Schemas['ImporterLayout'];
  /** That episodes were imported into: the first 100 of them at most. */
  shows: Schemas['ImporterShowRef'][];
  show_count: number;
}

export interface ExportResult {
  /** To be downloaded by the owner of the job, for a week. */
  file_id: string;
  url: string;
  rows: number;
  size: number;
}

export interface DeleteResult {
  matched: number;
  deleted: number;
  /** Of the IDs: no such episode, or deleted already. */
  missing: number;
  dry_run: boolean;
}

/** What each kind of the product takes and gives. */
export interface JobKinds {
  'thumbnail-generation': { args: ThumbnailArgs; result: ThumbnailResult };
  'data-import': { args: ImportArgs; result: ImportResult };
  'bulk-export': { args: ExportArgs; result: ExportResult };
  'batch-delete': { args: DeleteArgs; result: DeleteResult };
}

/** A kind of the product, or of an application that the server is part of. */
export type JobKind = keyof JobKinds | (string & {});

export type JobArgs<K extends string> = K extends keyof JobKinds ? JobKinds[K]['args'] : Record<string, unknown>;

export type JobResult<K extends string> = K extends keyof JobKinds ? JobKinds[K]['result'] : unknown;
