import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Message } from '../src/index.js';
import { Timeline } from '../src/timeline.js';

function message(id: string, pos?: number, event = 'counted'): Message {
  return {
    id, event, timestamp: '2026-01-01T00:00:00Z', actor: { id: '', name: '' }, resource: { type: '', id: '' }, data: {},
    ...(pos !== undefined && { pos }),
  };
}

function recording(limit = 10_000): { timeline: Timeline; told: string[] } {
  const told: string[] = [];
  return { told, timeline: new Timeline((m, source) => told.push(`${m.event} ${m.id} ${source}`), { limit }) };
}

describe('a timeline', () => {
  it('delivers each message once', () => {
    const { timeline, told } = recording();
    timeline.accept(message('a', 1));
    timeline.accept(message('a', 1));
    timeline.deliver(message('a', 1), 'catch-up');
    assert.deepEqual(told, ['counted a live']);
  });

  it('tells a notification from the event that caused it', () => {
    const { timeline, told } = recording();
    timeline.hold();
    timeline.accept(message('a', 1, 'notification'));
    timeline.accept(message('a', 1));
    timeline.accept(message('a', 1, 'notification'));
    timeline.release();
    assert.deepEqual(told, ['counted a live', 'notification a live']);
  });

  it('holds what has a position, and then delivers it in order, without what came otherwise', () => {
    const { timeline, told } = recording();
    timeline.hold();
    timeline.accept(message('c', 3));
    timeline.accept(message('ephemeral'));
    timeline.accept(message('b', 2));
    timeline.deliver(message('a', 1), 'catch-up');
    timeline.deliver(message('b', 2), 'catch-up');
    timeline.release();
    assert.deepEqual(told, ['counted ephemeral live', 'counted a catch-up', 'counted b catch-up', 'counted c live']);
    assert.equal(timeline.position, 3);
  });

  it('remembers a bounded number of messages, the newest', () => {
    const { timeline, told } = recording(2);
    ['a', 'b', 'c', 'c', 'b', 'a'].forEach((id, i) => timeline.accept(message(id, i + 1)));
    assert.deepEqual(told, ['counted a live', 'counted b live', 'counted c live', 'counted a live']);
  });

  it('does not take the position of a notification for how far events were told', () => {
    const { timeline, told } = recording();
    timeline.accept(message('a', 6));
    timeline.accept(message('c', 8, 'notification'));
    assert.equal(timeline.position, 6);
    timeline.accept(message('b', 7));
    assert.deepEqual(told, ['counted a live', 'notification c live', 'counted b live']);
    assert.equal(timeline.position, 7);
  });

  it('settles a second after a position has come, however many come', () => {
    let now = 0;
    const timeline = new Timeline(() => undefined, { now: () => now });
    timeline.reset(5);
    assert.equal(timeline.settled, 5);
    for (let pos = 6; pos < 5006; pos++) {
      now++;
      timeline.accept(message(`m${pos}`, pos));
      const settled = timeline.settled ?? 0;
      assert.ok(settled <= Math.max(pos - 1000, 5), `${settled} after ${pos}`);
      assert.ok(settled >= pos - 1200, `${settled} after ${pos}`);
    }
    assert.equal(timeline.position, 5005);
    now += 1000;
    assert.equal(timeline.settled, 5005);
    timeline.reset(3);
    assert.equal(timeline.settled, 3);
  });

  it('keeps its position when something older comes late', () => {
    const { timeline } = recording();
    timeline.accept(message('b', 7));
    timeline.accept(message('a', 6));
    assert.equal(timeline.position, 7);
  });
});
