import { bodyOf, done, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { segment } from './check.js';
import { answerOf } from './content.js';
import type { ImportArgs } from './kinds.js';
import type * as web from './web.js';

// Plans and mappings are as they are on the wire, as the arguments and results of jobs are: a plan and the job take the same.

/** What an import takes: a file that was uploaded, and how it is to be read. */
export type ImportRequest = Omit<ImportArgs, 'dry_run'>;

/** How a file would be read, and what would become of its rows. */
export type ImportPlan = Schemas['ImporterReport'];

/** The columns of a file that fill each field: by name, or by position, as "#3". */
export type ImportMapping = Schemas['ImporterSavedMapping']['mapping'];

export type SavedMapping = Schemas['ImporterSavedMapping'];

/** What is around an import, which itself is a job: `jobs.queue('data-import', …)`. */
export class Imports {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Says what an import of the file would do, and writes nothing. It lists 100 rows at most. Needs the role of an editor. */
  async plan(request: ImportRequest, options: CallOptions = {}): Promise<ImportPlan> {
    return (await bodyOf(this.#api.POST('/api/v1/imports/plan', { body: { ...request }, ...initOf(options) }))).data;
  }

  /** The rows that a job has refused, with the reasons, in the shape of their file: to be mended and imported again. */
  async refused(jobId: string, options: CallOptions = {}): Promise<web.Response> {
    const init = { params: { path: { id: segment('jobId', jobId) } }, parseAs: 'stream' as const, ...initOf(options) };
    return answerOf(this.#api.GET('/api/v1/imports/{id}/refused', init));
  }

  /** The mapping that imports into a show go by when they name none. Rejects with the status 404 where none is saved. */
  async mapping(showId: string, options: CallOptions = {}): Promise<SavedMapping> {
    return (await bodyOf(this.#api.GET('/api/v1/shows/{id}/import-mapping', { ...pathOf(showId), ...initOf(options) }))).data;
  }

  /** Saves a mapping for the files of a show, in place of the one before. Needs the role of an editor. */
  async saveMapping(showId: string, mapping: ImportMapping, options: CallOptions = {}): Promise<SavedMapping> {
    const init = { ...pathOf(showId), body: { mapping }, ...initOf(options) };
    return (await bodyOf(this.#api.PUT('/api/v1/shows/{id}/import-mapping', init))).data;
  }

  /** Takes the saved mapping of a show away; that there is none is no error. Needs the role of an editor. */
  async deleteMapping(showId: string, options: CallOptions = {}): Promise<void> {
    await done(this.#api.DELETE('/api/v1/shows/{id}/import-mapping', { ...pathOf(showId), ...initOf(options) }));
  }
}

function pathOf(showId: string): { params: { path: { id: string } } } {
  return { params: { path: { id: segment('showId', showId) } } };
}
