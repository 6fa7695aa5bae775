import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { CallboardError, createClient, type CallboardClient } from '../src/index.js';
import { Server } from './server.js';

describe('imports', () => {
  let server: Server;
  let callboard: CallboardClient;
  let show = '', file = '';

  before(async () => {
    server = await Server.start();
    const editor = await server.addUser('Ed', 'editor');
    callboard = createClient({ url: server.url, token: editor.token });
    const { data } = await callboard.api.POST('/api/v1/shows', { body: { title: 'The Lamp Room' } });
    show = data?.data.id ?? '';
    const content = new Blob(['foo,bar\nPilot,2020-01-01\nSecond,soon\n']);
    file = (await callboard.files.upload(null, { name: 'list.csv', content })).id;
  });
  after(() => server.stop());

  it('asks for a mapping by the name of the option', async () => {
    await assert.rejects(callboard.imports.plan({ file_id: file, show_id: show }), (error) => {
      return error instanceof CallboardError && error.status === 422 && error.errors.some(({ field }) => field === 'mapping.title');
    });
  });

  it('saves a mapping, plans by it, and brings the refused rows', async () => {
    const mapping = { title: ['foo'], air_date: ['#2'] };
    assert.deepEqual((await callboard.imports.saveMapping(show, mapping)).mapping, mapping);
    assert.deepEqual((await callboard.imports.mapping(show)).mapping, mapping);
    const plan = await callboard.imports.plan({ file_id: file, show_id: show });
    assert.deepEqual([plan.rows, plan.created, plan.refused, plan.problems[0]?.line], [2, 1, 1, 3]);
    const job = await callboard.jobs.queue('data-import', { file_id: file, show_id: show });
    const ended = await callboard.jobs.watch<'data-import'>(job.id);
    assert.equal(ended.status, 'completed');
    assert.match(await (await callboard.imports.refused(job.id)).text(), /^foo,bar,refused because\nSecond,soon,/);
    await callboard.imports.deleteMapping(show);
    await assert.rejects(callboard.imports.mapping(show), (error) => error instanceof CallboardError && error.status === 404);
    callboard.connect().close();
  });
});
