import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Parser } from '@asyncapi/parser';

import { documentOf, startServer } from '../server.mjs';

describe('the AsyncAPI document', () => {
  let server;
  let text;

  before(async () => {
    server = await startServer();
    text = await documentOf(server.url, 'asyncapi.json');
  });
  after(() => server.stop());

  it('has nothing that the parser finds fault with', async () => {
    const { diagnostics } = await new Parser().parse(text);
    assert.deepEqual(diagnostics.map((d) => `${d.code}: ${d.message} ${d.path.join('.')}`), []);
  });

  it('has each event of the catalog, with its payload, on its channels', async () => {
    const answer = await fetch(`${server.url}/api/v1/events/catalog`, { headers: { authorization: `Bearer ${server.token}` } });
    const { data: catalog } = await answer.json();
    const { document } = await new Parser().parse(text);
    const channelOf = { broadcast: 'broadcast', '{resource}': 'resource', '{parent}': 'resource', '{owner}': 'user' };
    for (const type of catalog) {
      const message = document.components().messages().get(type.name);
      assert.ok(message, `${type.name} is missing`);
      assert.ok(message.payload().allOf()[1].property('data'), `${type.name} has no payload`);
      for (const name of type.channels) {
        const carriers = document.channels().all().filter((channel) => channel.messages().all().some((m) => m.name() === type.name));
        const ids = carriers.map((channel) => channel.id());
        // What concerns an account goes to the channel of its user, which is that of the resource.
        assert.ok(ids.includes(channelOf[name]) || ids.includes('user'), `${type.name} is not on ${name}: ${ids}`);
      }
    }
  });
});
