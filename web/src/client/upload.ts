import { CallboardError, type Schemas } from 'callboard';

import { text } from '../text';
import { base, headersOfPage } from './client';

type Answer = { data: Schemas['DataFileView']; response: Response } | { error: Schemas['Problem']; response: Response };

/** When nothing has left for so long the connection is gone, whether or not the browser knows; in milliseconds. The server thinks the same. */
const patience = 30_000;

/** As the server refuses what it cannot take: to send it once more does not help. */
const unreadable = 422;

/**
 * Sends a file, for call: it tells how many of its bytes were sent, which fetch does not. A repeat with the same key is not carried out again.
 */
export function sendFile(path: string, file: File, key: string, signal: AbortSignal, onSent: (bytes: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.set('file', file, file.name);
    request.open('POST', base + path);
    Object.entries({ ...headersOfPage(), 'Idempotency-Key': key }).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.responseType = 'json';
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), patience);
    };
    request.upload.onprogress = ({ loaded }) => {
      wait();
      onSent(Math.min(loaded, file.size));
    };
    request.upload.onloadend = () => clearTimeout(stalled); // storing it takes what it takes
    const failed = (): void => reject(new CallboardError(request.status, text.failed.noAnswer));
    request.onload = () => {
      const answer = request.response as unknown; // null where something between here and the server has answered
      const response = new Response(null, { status: request.status });
      if (answer === null) {
        failed();
      } else {
        resolve(response.ok ? { data: answer as Schemas['DataFileView'], response } : { error: answer as Schemas['Problem'], response });
      }
    };
    request.onerror = () => {
      // Browsers say no more of a folder, or of a file that has gone, than of a line that broke.
      void canBeRead(file).then((can) => (can ? failed() : reject(new CallboardError(unreadable, text.failed.unreadable))));
    };
    request.onabort = failed;
    signal.addEventListener('abort', () => request.abort());
    wait();
    request.send(form);
  });
}

/** Whether a file is one that is there still. Of a folder, or a file that has gone, a slice is empty and no error; a stream tells. */
async function canBeRead(file: File): Promise<boolean> {
  const reader = file.stream().getReader();
  try {
    await reader.read();
    return true;
  } catch {
    return false;
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
