import { bodyOf, done, initOf, type Api, type CallOptions, type Schemas } from './api.js';
import { camel, type Camel } from './camel.js';
import { checkObject, invalid, segment } from './check.js';
import { answerOf } from './content.js';
import { CallboardError } from './error.js';
import { listOf, queryOf, type List, type PageOptions } from './list.js';
import { multipartOf, type FileContent } from './multipart.js';
import type * as web from './web.js';

export type { FileContent } from './multipart.js';

/** What is known of a file. `url` and the thumbnails are paths on the server. */
export type StoredFile = Camel<Schemas['FileView']>;

export interface Upload {
  /** With its extension. Default: that of a File. */
  name?: string | undefined;
  content: FileContent;
}

export interface UploadOptions extends CallOptions {
  /** A repeat with the same key within 24 hours adds no second file, and gives the first. */
  idempotencyKey?: string | undefined;
}

export interface DownloadOptions extends CallOptions {
  /** Positions of the first byte and of the last one; without an end: all that follows. The answer has the status 206. */
  range?: { start: number; end?: number | undefined } | undefined;
  /** A smaller picture of a picture, once it was made. Default: the file itself. */
  variant?: 'small' | 'medium' | 'large' | undefined;
}

/** Files of episodes, which everybody may read, and one's own. */
export class Files {
  readonly #api: Api;
  readonly #url: string;

  constructor(api: Api, url: string) {
    this.#api = api;
    this.#url = url;
  }

  /**
   * Uploads a file to an episode; null: one of one's own. It is sent once, and not again when no answer comes: call again
   * with the same idempotencyKey then. Needs the role of an editor.
   */
  async upload(episodeId: string | null, upload: Upload | web.File, options: UploadOptions = {}): Promise<StoredFile> {
    checkObject('upload', upload);
    const { name, content } = upload instanceof Blob ? { name: upload.name, content: upload } : upload;
    const given = name ?? (content instanceof Blob && 'name' in content ? String(content.name) : undefined);
    if (!given) {
      throw invalid('name', 'is required');
    }
    const { body, contentType } = multipartOf(content, given);
    const init = {
      body: { file: '' }, // what the document says; the serializer has the real one
      bodySerializer: () => body,
      ...(contentType && { headers: { 'Content-Type': contentType }, duplex: 'half' as const }),
      ...initOf(options),
    };
    const header = options.idempotencyKey === undefined ? {} : { 'Idempotency-Key': options.idempotencyKey };
    const sent = episodeId === null
      ? this.#api.POST('/api/v1/files', { ...init, params: { header } })
      : this.#api.POST('/api/v1/episodes/{id}/files', { ...init, params: { header, path: { id: segment('episodeId', episodeId) } } });
    return camel((await bodyOf(sent)).data);
  }

  /** The files of an episode, newest first. */
  async list(episodeId: string, page: PageOptions = {}): Promise<List<StoredFile>> {
    const params = { path: { id: segment('episodeId', episodeId) }, query: queryOf(page) };
    return listOf(await bodyOf(this.#api.GET('/api/v1/episodes/{id}/files', { params, ...initOf(page) })), (view) => camel(view));
  }

  /** The files that belong to no episode, newest first: one's own; an admin sees those of all. */
  async own(page: PageOptions = {}): Promise<List<StoredFile>> {
    const init = { params: { query: queryOf(page) }, ...initOf(page) };
    return listOf(await bodyOf(this.#api.GET('/api/v1/files', init)), (view) => camel(view));
  }

  async get(id: string, options: CallOptions = {}): Promise<StoredFile> {
    const init = { params: { path: { id: segment('id', id) } }, ...initOf(options) };
    const { data } = await bodyOf(this.#api.GET('/api/v1/files/{id}', init));
    return camel(data);
  }

  async rename(id: string, name: string, options: CallOptions = {}): Promise<StoredFile> {
    const init = { params: { path: { id: segment('id', id) } }, body: { name }, ...initOf(options) };
    const { data } = await bodyOf(this.#api.PATCH('/api/v1/files/{id}', init));
    return camel(data);
  }

  /** Deletes a file for good. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await done(this.#api.DELETE('/api/v1/files/{id}', { params: { path: { id: segment('id', id) } }, ...initOf(options) }));
  }

  /** Resolves to the answer when the content begins to come: read its `body`, or all of it with `blob()` or `text()`. */
  async download(id: string, options: DownloadOptions = {}): Promise<web.Response> {
    const { range, variant } = options;
    const params = { path: { id: variant ? await this.#variant(id, variant, options) : segment('id', id) } };
    const headers = range ? { Range: `bytes=${range.start}-${range.end ?? ''}` } : {};
    const init = { params, headers, parseAs: 'stream' as const, ...initOf(options) };
    return answerOf(this.#api.GET('/api/v1/files/{id}/content', init));
  }

  /** Where the content is, for a link or an <img> of a page that the session cookie reaches. */
  url(id: string): string {
    return `${this.#url}/api/v1/files/${encodeURIComponent(id)}/content`;
  }

  /** A variant is a file too; what is known of the picture tells its path. */
  async #variant(id: string, variant: NonNullable<DownloadOptions['variant']>, options: CallOptions): Promise<string> {
    const path = (await this.get(id, options)).thumbnails?.[variant];
    const found = /\/files\/([^/]+)\/content$/.exec(path ?? '')?.[1];
    if (!found) {
      throw new CallboardError(404, 'there is no such variant of the file');
    }
    return found;
  }
}
