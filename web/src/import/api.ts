import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CallboardError, type ImportMapping, type ImportPlan, type ImportRequest } from 'callboard';
import { useCallback, useEffect, useRef, useState } from 'react';

import { call, client, problemWords, queries, randomId, sendFile, statusOf } from '../client';
import { importsText } from '../text/imports';
import { toast } from '../ui';
import { fieldOf, quotedIn } from './questions';

export type Layout = ImportPlan['layout'];
export type Column = Layout['columns'][number];

async function readPlan(request: ImportRequest, signal: AbortSignal): Promise<ImportPlan> {
  return (await call(() => client.api.POST('/api/v1/imports/plan', { body: request, signal }))).data;
}

const fresh = 30_000; // ms for which a plan holds: episodes may change

/** How the file would be read, and what would become of its rows. While an answer is tried the plan before it stays. */
export function usePlan(request: ImportRequest) {
  return useQuery({
    queryKey: ['import', 'plan', request] as const,
    queryFn: ({ signal }) => readPlan(request, signal),
    enabled: request.file_id !== '',
    staleTime: fresh,
    placeholderData: keepPreviousData,
  });
}

const mostSteps = 12; // as many fields as there are

/**
 * How a file is laid out that the server cannot plan yet: what it asks about is left out, one by one. Without a title it can only update, which the plan of
 * an update says as well.
 */
async function layoutOf(request: ImportRequest, signal: AbortSignal): Promise<Layout> {
  const mapping: ImportMapping = { ...request.mapping };
  for (let step = 0; ; step++) {
    try {
      return (await readPlan({ ...request, mode: 'update', mapping }, signal)).layout;
    } catch (error) {
      const field = error instanceof CallboardError ? /^mapping\.(.+)/.exec(error.errors[0]?.field ?? '')?.[1] : undefined;
      if (field === undefined || step === mostSteps) {
        throw error;
      }
      mapping[fieldOf(field)] = [];
    }
  }
}

/** The columns of a file about which the server asks. */
export function useColumns(request: ImportRequest, asked: string) {
  return useQuery({ queryKey: ['import', 'columns', request, asked] as const, queryFn: async ({ signal }) => (await layoutOf(request, signal)).columns });
}

/** The worksheets of a workbook about which the server asks, with those that its words name first. */
export function useSheets(request: ImportRequest, words: string) {
  return useQuery({
    queryKey: ['import', 'sheets', request, words] as const,
    queryFn: async ({ signal }): Promise<string[]> => {
      const named = quotedIn(words);
      for (const sheet of named) {
        try {
          const layout = await layoutOf({ ...request, sheet }, signal);
          const all = [sheet, ...(layout.other_sheets ?? []).map(({ name }) => name)];
          return [...named.filter((name) => all.includes(name)), ...all.filter((name) => !named.includes(name))];
        } catch (error) {
          if (statusOf(error) !== 422) {
            throw error;
          }
        }
      }
      return named;
    },
  });
}

const mappingKey = (show: string) => ['import', 'mapping', show] as const;

/** The mapping that is kept for a show; null while there is none. */
export function useSavedMapping(show: string): ImportMapping | null {
  const query = useQuery({
    queryKey: mappingKey(show),
    queryFn: async ({ signal }): Promise<ImportMapping | null> => {
      try {
        return (await call(() => client.api.GET('/api/v1/shows/{id}/import-mapping', { params: { path: { id: show } }, signal }))).data.mapping;
      } catch (error) {
        if (statusOf(error) === 404) {
          return null;
        }
        throw error;
      }
    },
    enabled: show !== '',
    staleTime: fresh,
  });
  return query.data ?? null;
}

/** Keeps a mapping for the files of a show; null takes away what is kept. */
export async function keepMapping(show: string, mapping: ImportMapping | null): Promise<boolean> {
  try {
    const init = { params: { path: { id: show } } };
    await call<unknown>(() => (mapping ? client.api.PUT('/api/v1/shows/{id}/import-mapping', { ...init, body: { mapping } }) : client.api.DELETE('/api/v1/shows/{id}/import-mapping', init)));
    await queries.invalidateQueries({ queryKey: ['import'] });
    return true;
  } catch (error) {
    toast({ look: 'bad', words: importsText.notDone, more: problemWords(error) });
    return false;
  }
}

/** Queues the import, or its check. Returns the ID of the job; undefined when it was refused, which a toast says. */
export async function begin(request: ImportRequest, check: boolean): Promise<string | undefined> {
  try {
    const body = { kind: 'data-import', args: { ...request, ...(check && { dry_run: true }) } };
    return (await call(() => client.api.POST('/api/v1/jobs', { body }))).data.id;
  } catch (error) {
    toast({ look: 'bad', words: importsText.notDone, more: problemWords(error) });
    return undefined;
  }
}

/** A sheet on its way. */
export interface Sending {
  name: string;
  size: number;
  sent: number;
  /** Why it did not arrive. */
  error?: string;
}

/** Sends a sheet; its ID goes to onSent. Leaving the page stops it, and asks first. */
export function useSending(onSent: (id: string) => void): { sending: Sending | undefined; send: (file: File) => void; stop: () => void } {
  const [sending, setSending] = useState<Sending>();
  const abort = useRef<AbortController>(undefined);
  const stop = useCallback(() => {
    abort.current?.abort();
    setSending(undefined);
  }, []);
  useEffect(() => () => abort.current?.abort(), []);
  const under = sending !== undefined && sending.error === undefined;
  useEffect(() => {
    if (!under) {
      return undefined;
    }
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [under]);
  const send = (file: File): void => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const { name, size } = file;
    const key = randomId();
    setSending({ name, size, sent: 0 });
    call(() => sendFile('/api/v1/files', file, key, own.signal, (sent) => setSending({ name, size, sent }))).then(
      ({ data }) => {
        setSending(undefined);
        queries.setQueryData(['file', data.id], data);
        onSent(data.id);
      },
      (error: unknown) => {
        if (!own.signal.aborted) {
          setSending({ name, size, sent: 0, error: problemWords(error, importsText.file.fields) });
        }
      },
    );
  };
  return { sending, send, stop };
}
