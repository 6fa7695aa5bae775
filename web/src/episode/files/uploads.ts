import { create } from 'zustand';

import { call, problemWords, randomId, sendFile, statusOf } from '../../client';
import { episodes } from '../../episodes/shared';
import { episodeText } from '../../text/episode';
import { toast } from '../../ui';
import { mayHaveThumbnails, queueThumbnails } from '../work/api';
import { addFile } from './api';

/** A file on its way to an episode. */
export interface Upload {
  id: string;
  episode: string;
  name: string;
  size: number;
  sent: number;
  /** How many seconds it will take if it goes on like this; undefined while that is not known. */
  left?: number | undefined;
  /** Why it did not arrive. */
  error?: string | undefined;
  stop: () => void;
  /** Sends it once more, from its beginning; only where that may help. */
  again?: (() => void) | undefined;
}

const useAllUploads = create<{ uploads: readonly Upload[] }>(() => ({ uploads: [] }));

/** Uploads under way, of all episodes; those of one are picked where they are shown. */
export function useUploads(): readonly Upload[] {
  return useAllUploads((state) => state.uploads);
}

function change(id: string, changed: Partial<Upload>): void {
  useAllUploads.setState(({ uploads }) => ({ uploads: uploads.map((one) => (one.id === id ? { ...one, ...changed } : one)) }));
}

export function dismissUpload(id: string): void {
  useAllUploads.setState(({ uploads }) => ({ uploads: uploads.filter((one) => one.id !== id) }));
}

const atOnce = 3; // files that are sent at a time; the server takes 16 of a user
const waiting: (() => Promise<void>)[] = [];
let running = 0;

async function next(): Promise<void> {
  const send = running < atOnce ? waiting.shift() : undefined;
  if (send) {
    running++;
    await send();
    running--;
    void next();
  }
}

/** Uploads files to an episode, a few at a time. */
export function uploadFiles(episode: string, files: Iterable<File>): void {
  for (const file of files) {
    const id = randomId();
    const abort = new AbortController();
    const stop = (): void => {
      abort.abort();
      dismissUpload(id);
    };
    const upload = { id, episode, name: file.name, size: file.size, sent: 0, stop };
    useAllUploads.setState(({ uploads }) => ({ uploads: [...uploads, upload] }));
    enqueue(upload, file, abort.signal);
  }
}

function enqueue(upload: Upload, file: File, signal: AbortSignal): void {
  waiting.push(() => send(upload, file, signal));
  void next();
}

/** Whether an upload that failed may do better the next time: the connection broke, or the server could not take it just then. */
function mayHelp(error: unknown): boolean {
  const status = statusOf(error);
  return status === 0 || status === 409 || status === 429 || status >= 500;
}

/** Episodes whose first picture was uploaded here: it becomes theirs, those after it when somebody says so. */
const pictured = new Set<string>();

async function send(upload: Upload, file: File, signal: AbortSignal): Promise<void> {
  const { id, episode, name } = upload;
  if (signal.aborted) {
    return;
  }
  const began = Date.now();
  try {
    const { data } = await call(() => sendFile(`/api/v1/episodes/${encodeURIComponent(episode)}/files`, file, id, signal, (sent) => change(id, { sent, left: leftOf(sent, file.size, (Date.now() - began) / 1000) })));
    dismissUpload(id);
    addFile(episode, data);
    if (mayHaveThumbnails(data.content_type) && episodes.saved(episode)?.thumbnail_url === null && !pictured.has(episode)) {
      pictured.add(episode);
      await queueThumbnails(data);
    }
    toast({ words: episodeText.files.added({ name: data.name }) });
  } catch (error) {
    if (!signal.aborted) {
      const why = episodeText.files.failed({ why: problemWords(error, episodeText.files.fields) });
      const again = (): void => {
        change(id, { error: undefined, again: undefined, sent: 0, left: undefined });
        enqueue(upload, file, signal);
      };
      change(id, { error: why, again: mayHelp(error) ? again : undefined });
      toast({ look: 'bad', words: episodeText.files.notUploaded({ name }) }); // the list of files says why
    }
  }
}

const enough = 2; // seconds after which the speed is known well enough to tell how long it takes

function leftOf(sent: number, size: number, seconds: number): number | undefined {
  return sent > 0 && seconds > enough ? ((size - sent) * seconds) / sent : undefined;
}

// Leaving the board during an upload asks once.
window.addEventListener('beforeunload', (event) => {
  if (useAllUploads.getState().uploads.some(({ error }) => error === undefined)) {
    event.preventDefault();
  }
});
