import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';

import { render } from '#scripts/schema.mjs';
import { createClient, type EventPayloads } from '../src/index.js';
import { Server } from './server.js';

describe('the generated types', () => {
  let server: Server;

  before(async () => {
    server = await Server.start();
  });
  after(() => server.stop());

  it('are those of the server', async () => {
    const document = await (await fetch(`${server.url}/openapi.json`)).text();
    const committed = await readFile('src/schema.gen.ts', 'utf8');
    assert.ok(committed === (await render(document)), 'src/schema.gen.ts is out of date: npm run generate');
  });

  it('have a payload for each event of the catalog', async () => {
    const { email } = await server.addUser('Ada', 'admin');
    const client = createClient({ url: server.url, token: await server.addToken(email) });
    const { data } = await client.api.GET('/api/v1/events/catalog');
    const typed = /export interface EventPayloads \{([^}]*)\}/.exec(await readFile('src/schema.gen.ts', 'utf8'))?.[1] ?? '';
    const names = [...typed.matchAll(/^ +(\w+):/gm)].map((match) => match[1]);
    assert.deepEqual(names, data?.data.map((type) => type.name).toSorted());
  });

  it('tell what an event holds', () => {
    const data: EventPayloads['viewer_joined'] = { user_id: 'id', name: 'Ada' };
    // @ts-expect-error: there is no such field
    assert.equal(data.userId, undefined);
  });
});
