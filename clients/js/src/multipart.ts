import { randomId } from './random.js';
import type * as web from './web.js';

/** What can be uploaded. A stream of bytes is sent as it comes, without a copy of the whole in memory. */
export type FileContent = web.Blob | ArrayBuffer | Uint8Array | web.ReadableStream;

/** The body of a request with one part, named file. */
export interface Multipart {
  body: web.FormData | web.ReadableStream;
  /** The media type; undefined where fetch adds it by itself. */
  contentType: string | undefined;
}

export function multipartOf(content: FileContent, name: string): Multipart {
  if (content instanceof ReadableStream) {
    const boundary = `callboard-${randomId()}`;
    return { body: framed(content, name, boundary), contentType: `multipart/form-data; boundary=${boundary}` };
  }
  const form = new FormData();
  form.set('file', content instanceof Blob ? content : new Blob([content as BlobPart]), name);
  return { body: form, contentType: undefined };
}

/** Puts what a multipart body needs before and after the content. */
function framed(content: ReadableStream<Uint8Array>, name: string, boundary: string): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${escaped(name)}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  return content.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
    start: (out) => out.enqueue(text.encode(head)),
    flush: (out) => out.enqueue(text.encode(`\r\n--${boundary}--\r\n`)),
  }));
}

/** As browsers write names in a multipart body. */
function escaped(name: string): string {
  return name.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22');
}
