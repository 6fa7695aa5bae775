import type { Schemas } from 'callboard';
import { describe, expect, it } from 'vitest';

import { healthOf } from './health';

type Consumer = Schemas['OutboxConsumerView'];

function consumer(change: Partial<Consumer>): Consumer {
  return { name: 'inbox', status: 'ready', detail: '', pos: 41, lag_events: 0, lag_seconds: 0, failures: 0, dead_letters: 0, ...change };
}

const log = (...consumers: Consumer[]): Schemas['OutboxHealthView'] => ({ last_pos: 41, waiting: 0, waiting_seconds: 0, leading: true, consumers, dead_letters: [], more_dead_letters: false });

const ready: Schemas['AppReadiness'] = { status: 'ready', parts: { database: { status: 'ready', required: true }, storage: { status: 'ready', required: false } } };

describe('the sentence of health', () => {
  it('says the worst first', () => {
    expect(healthOf(ready, log(consumer({}))).title).toBe('Everything keeps up');
    const late = consumer({ status: 'late', lag_events: 42, lag_seconds: 38 });
    expect(healthOf(ready, log(consumer({ name: 'activity', status: 'failing', dead_letters: 2 }), late))).toMatchObject({ shape: 'wait', title: 'Notifications: 38 seconds behind' });
    expect(healthOf(ready, log(late, consumer({ name: 'live', status: 'stalled', failures: 4, error: 'no such table' })))).toMatchObject({ shape: 'off', title: 'Live messages: at a stop' });
    const away = { ...ready, parts: { ...ready.parts, database: { status: 'unavailable', required: true, detail: 'no answer' } } };
    expect(healthOf(away, undefined)).toMatchObject({ shape: 'off', title: 'The database is away' });
  });

  it('has a line for each part, with the reason', () => {
    const { parts } = healthOf(ready, log(consumer({ status: 'stalled', failures: 4, lag_events: 42, lag_seconds: 38, error: 'no such table: notifications' })));
    expect(parts.map(({ name }) => name)).toEqual(['Database', 'Files', 'Relay', 'Notifications']);
    expect(parts.at(-1)).toMatchObject({ shape: 'off', words: '42 changes wait, the oldest for 38 seconds. Tried 4 times.', error: 'no such table: notifications', number: '42 waiting' });
  });
});
