import { CallboardError, type Schemas } from 'callboard';

import { text } from '../text';
import { base } from './client';

type Answer = { data: Schemas['DataFileView']; response: Response } | { error: Schemas['Problem']; response: Response };

/**
 * Sends a file, for call: it tells how many of its bytes were sent, which fetch does not. A repeat with the same key is not carried out again.
 */
export function sendFile(path: string, file: File, key: string, signal: AbortSignal, onSent: (bytes: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.set('file', file, file.name);
    request.open('POST', base + path);
    request.setRequestHeader('Idempotency-Key', key);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, file.size));
    request.onload = () => {
      const response = new Response(null, { status: request.status });
      resolve(response.ok ? { data: request.response as Schemas['DataFileView'], response } : { error: request.response as Schemas['Problem'], response });
    };
    request.onerror = () => reject(new CallboardError(0, text.failed.noAnswer));
    request.onabort = () => reject(new CallboardError(0, text.failed.noAnswer));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
