import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CallboardError, createClient } from '../src/index.js';

interface Sent {
  method: string;
  key: string | null;
  authorization: string | null;
  body: string;
}

/** A fetch that gives the answers in turn; an Error is thrown. */
function answering(...answers: (Response | Error)[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fake: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push({
      method: request.method,
      key: request.headers.get('Idempotency-Key'),
      authorization: request.headers.get('Authorization'),
      body: await request.text(),
    });
    const answer = answers.shift();
    if (!answer || answer instanceof Error) {
      throw answer ?? new Error('one request too many');
    }
    return answer;
  };
  return { fetch: fake, sent };
}

const url = 'http://board.example';
const entry = { action: 'lit_set', resourceType: 'set', resourceId: 'kitchen' };
const created = (): Response => Response.json({ data: { id: 'event' } }, { status: 201 });
const busy = (): Response =>
  Response.json({ status: 503, detail: 'the database is away' }, { status: 503, headers: { 'Retry-After': '0' } });

describe('a POST', () => {
  it('that got no answer is sent once more, with the same key and body', async () => {
    const { fetch, sent } = answering(new TypeError('reset'), created());
    const client = createClient({ url, token: 'secret', fetch });
    assert.deepEqual(await client.ActivityService.logActivity(entry), { id: 'event' });
    assert.equal(sent.length, 2);
    assert.deepEqual(sent[0], sent[1]);
    assert.match(sent[0]?.key ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(sent[0]?.authorization, 'Bearer secret');
    assert.deepEqual(JSON.parse(sent[0]?.body ?? ''), { action: 'lit_set', resource_type: 'set', resource_id: 'kitchen' });
  });

  it('has a key of its own each time', async () => {
    const { fetch, sent } = answering(created(), created());
    const client = createClient({ url, fetch });
    await client.ActivityService.logActivity(entry);
    await client.ActivityService.logActivity(entry);
    assert.notEqual(sent[0]?.key, sent[1]?.key);
    assert.equal(sent[0]?.authorization, null);
  });

  it('that fails twice rejects, with the time after which to try again', async () => {
    const { fetch, sent } = answering(busy(), busy());
    const client = createClient({ url, fetch });
    await assert.rejects(client.ActivityService.logActivity(entry), (error) => {
      assert.ok(error instanceof CallboardError);
      assert.deepEqual([error.status, error.detail, error.retryAfter], [503, 'the database is away', 0]);
      return true;
    });
    assert.equal(sent.length, 2);
  });

  it('is not repeated when told so', async () => {
    const { fetch, sent } = answering(new TypeError('reset'));
    await assert.rejects(createClient({ url, fetch, retry: false }).ActivityService.logActivity(entry), CallboardError);
    assert.equal(sent.length, 1);
  });

  it('that signs in is not repeated: nobody has signed in for its key', async () => {
    const { fetch, sent } = answering(busy());
    await assert.rejects(createClient({ url, fetch }).auth.login('ada@show.example', 'password'), CallboardError);
    assert.equal(sent.length, 1);
  });
});

describe('another write', () => {
  it('is never repeated', async () => {
    const { fetch, sent } = answering(new TypeError('reset'));
    await assert.rejects(createClient({ url, fetch }).PresenceService.removeViewer('user', 'set', 'kitchen'), CallboardError);
    assert.deepEqual(sent.map((s) => [s.method, s.key]), [['DELETE', null]]);
  });
});

describe('an answer that is no problem document', () => {
  it('still rejects with its status', async () => {
    const { fetch } = answering(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await assert.rejects(createClient({ url, fetch }).ActivityService.findByUser('me'), (error) => {
      assert.ok(error instanceof CallboardError);
      assert.deepEqual([error.status, error.errors, error.retryAfter], [502, [], undefined]);
      return true;
    });
  });
});
