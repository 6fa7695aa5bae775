import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Schemas } from 'callboard';
import { useMemo } from 'react';

import { call, client, queries } from '../../client';
import { peopleText } from '../../text/people';

type Log = Schemas['OutboxHealthView'];
type Ready = Schemas['AppReadiness'];
type Shape = 'live' | 'wait' | 'off';

/** A part of the server: how it is, in words and by number. */
export interface Part {
  name: string;
  shape: Shape;
  state: string;
  words: string;
  error?: string;
  number: string;
}

/** How the server is: in one sentence, the worst first, then part by part. */
export interface Health {
  shape: Shape;
  title: string;
  why: string;
  parts: Part[];
}

const words = peopleText.health;
const partName = (name: string): string => words.parts[name] ?? name.replaceAll('_', ' ');
const shapes: Record<string, Shape> = { ready: 'live', off: 'live', late: 'wait', failing: 'wait', degraded: 'wait', stalled: 'off', unavailable: 'off' };
const shapeOf = (status: string): Shape => shapes[status] ?? 'wait';

/** The parts of which the log itself says more. */
const ofLog = ['outbox', 'activity', 'notifications'];
const order = ['database', 'writes', 'disk', 'storage', 'jobs', 'presence'];

export function healthOf(ready: Ready, log: Log | undefined): Health {
  const parts = [...partsOfServer(ready), ...(log ? partsOfLog(log) : [])];
  return { ...sentence(ready, log), parts };
}

function partsOfServer({ parts }: Ready): Part[] {
  const place = ([name]: [string, unknown]): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.entries(parts).sort((a, b) => place(a) - place(b)).flatMap(([name, { status, detail, free_bytes }]) => {
    if (ofLog.includes(name)) {
      return [];
    }
    const free = free_bytes === undefined ? '' : words.free({ gigabytes: Math.floor(free_bytes / 1e9) });
    const fine = status === 'ready' || status === 'off';
    return [{ name: partName(name), shape: shapeOf(status), state: words.states[status] ?? status, words: fine && !detail ? (status === 'off' ? words.byServer : (words.fine[name] ?? words.answers)) : '', number: free, ...(detail && { error: detail }) }];
  });
}

function partsOfLog({ last_pos, waiting, waiting_seconds, leading, consumers }: Log): Part[] {
  const relay: Part = {
    name: partName('outbox'), shape: waiting_seconds > lateAfter ? 'wait' : 'live', state: waiting_seconds > lateAfter ? (words.states['late'] ?? '') : (words.states['ready'] ?? ''), words: words.relay({ pos: last_pos, leading }), number: words.waiting({ n: waiting }),
  };
  return [
    relay,
    ...consumers.map(({ name, status, error, failures, pos, lag_events, lag_seconds, dead_letters }) => ({
      name: partName(name),
      shape: shapeOf(status),
      state: words.states[status] ?? status,
      words: [
        lag_events > 0 && status !== 'ready' ? words.behind({ n: lag_events, lag: lag_seconds }) : words.upTo({ pos }),
        ...(failures > 0 ? [words.tried({ n: failures })] : []),
        ...(dead_letters > 0 ? [`${words.failed({ n: dead_letters })}.`] : []),
      ].join(' '),
      number: words.waiting({ n: lag_events }),
      ...(error && { error }),
    })),
  ];
}

const lateAfter = 5; // seconds that a change may wait for its position

/** The worst that there is to say. */
function sentence({ parts }: Ready, log: Log | undefined): Omit<Health, 'parts'> {
  const away = Object.entries(parts).find(([, { status, required }]) => required && status === 'unavailable');
  if (away) {
    const [name, { detail }] = away;
    return { shape: 'off', title: name === 'database' ? words.databaseAway : words.partAway({ part: partName(name) }), why: [words.nothingSaved, ...(name !== 'database' && detail ? [detail] : [])].join(' ') };
  }
  const by = (status: string) => log?.consumers.filter((one) => one.status === status).sort((a, b) => b.lag_seconds - a.lag_seconds)[0];
  const stalled = by('stalled');
  if (stalled) {
    return { shape: 'off', title: words.stalled({ part: partName(stalled.name) }), why: words.notLost };
  }
  const late = by('late');
  if (late) {
    return { shape: 'wait', title: words.late({ part: partName(late.name), lag: late.lag_seconds }), why: words.notLost };
  }
  const failed = log?.consumers.reduce((sum, { dead_letters }) => sum + dead_letters, 0) ?? 0;
  if (failed > 0) {
    return { shape: 'wait', title: words.failed({ n: failed }), why: words.failedWhy };
  }
  const part = Object.entries(parts).find(([, { status }]) => shapeOf(status) !== 'live');
  if (part) {
    return { shape: shapeOf(part[1].status), title: words.partAway({ part: partName(part[0]) }), why: part[1].detail ?? words.notLost };
  }
  return { shape: 'live', title: words.allWell, why: words.allWellWhy };
}

const healthKey = ['people', 'health'];

const healthQuery = queryOptions({
  queryKey: healthKey,
  queryFn: async ({ signal }): Promise<{ ready: Ready; log: Log | undefined }> => {
    const [ready, log] = await Promise.all([
      readiness(signal),
      call(() => client.api.GET('/api/v1/events/health', { signal })).then(
        ({ data }) => data,
        () => undefined, // without its database the log says nothing, and what is the matter is told by the other one
      ),
    ]);
    return { ready, log };
  },
  refetchOnMount: 'always',
  refetchInterval: 5000, // ms: no event tells of it
});

/** The server says how it is also with the status of one that is not ready. */
async function readiness(signal: AbortSignal): Promise<Ready> {
  const { data, error } = (await client.api.GET('/readyz', { signal })) as { data?: Ready; error?: unknown };
  const said = data ?? (error as Partial<Ready> | undefined);
  if (!said?.parts) {
    throw new Error(words.noAnswer);
  }
  return said as Ready;
}

/** How the server is, as it was told last. */
export function useHealth({ enabled = true } = {}) {
  const query = useQuery({ ...healthQuery, enabled });
  const { data } = query;
  const health = useMemo(() => data && healthOf(data.ready, data.log), [data]);
  return { ...query, health };
}

/** Has what could not be taken tried again now: all of it, or one. Returns how many that are. */
export async function retry(letter?: Schemas['OutboxLetterView']): Promise<number> {
  const { data } = await call(() => client.api.POST('/api/v1/events/health/retry', { body: letter ? { consumer: letter.consumer, pos: letter.pos } : {} }));
  setTimeout(() => void queries.invalidateQueries({ queryKey: healthKey }), 500);
  return data.retried;
}
