import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { CallboardError, createClient, type CallboardClient, type FileContent } from '../src/index.js';
import { Server, type TestUser } from './server.js';

const text = 'INT. KITCHEN - NIGHT\n';

function refused(status: number): (error: unknown) => boolean {
  return (error) => error instanceof CallboardError && error.status === status && error.detail !== '';
}

describe('files', () => {
  let server: Server;
  let editor: TestUser, viewer: TestUser;
  let asEditor: CallboardClient, asViewer: CallboardClient;
  let episode = '';
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-js-files-'));
    server = await Server.start();
    editor = await server.addUser('Ed', 'editor');
    viewer = await server.addUser('Vic', 'viewer');
    asEditor = createClient({ url: server.url, token: editor.token });
    asViewer = createClient({ url: server.url, token: viewer.token });
    const { data } = await asEditor.api.POST('/api/v1/episodes', { body: { title: 'Pilot' } });
    episode = data?.data.id ?? '';
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const sources: [string, () => FileContent | Promise<FileContent>][] = [
    ['a Blob', () => new Blob([text])],
    ['a Buffer', () => Buffer.from(text)],
    ['an ArrayBuffer', () => Uint8Array.from(Buffer.from(text)).buffer],
    ['a stream', () => new Blob([text]).stream()],
    ['a file on disk', async () => {
      const path = join(folder, 'scene.txt');
      await writeFile(path, text);
      return openAsBlob(path);
    }],
  ];
  for (const [name, source] of sources) {
    it(`upload ${name}`, async () => {
      const file = await asEditor.files.upload(episode, { name: 'Küche 1.txt', content: await source() });
      assert.equal(file.name, 'Küche 1.txt');
      assert.equal(file.episodeId, episode);
      assert.equal(file.size, text.length);
      assert.match(file.contentType, /^text\/plain/);
      assert.equal(await (await asViewer.files.download(file.id)).text(), text);
    });
  }

  it('upload a File under its own name', async () => {
    const file = await asEditor.files.upload(episode, new File([text], 'scene.txt'));
    assert.equal(file.name, 'scene.txt');
    await assert.rejects(asEditor.files.upload(episode, { content: new Blob([text]) }), refused(422));
  });

  it('send a large stream as it comes', async () => {
    const [chunk, count] = [new Uint8Array(1 << 20).fill(65), 24];
    let sent = 0;
    const content = new ReadableStream<Uint8Array>({
      pull(out) {
        if (sent++ === count) {
          out.close();
        } else {
          out.enqueue(chunk);
        }
      },
    });
    const file = await asEditor.files.upload(null, { name: 'large.txt', content });
    assert.equal(file.size, count * chunk.length);
    await asEditor.files.delete(file.id);
  });

  it('are added once however often a key is used', async () => {
    const upload = { name: 'once.txt', content: new Blob([text]) };
    const first = await asEditor.files.upload(episode, upload, { idempotencyKey: 'once' });
    const second = await asEditor.files.upload(episode, upload, { idempotencyKey: 'once' });
    assert.equal(second.id, first.id);
  });

  it('are sent once, since a spare copy would hold all of the file in memory', async () => {
    let requests = 0;
    const away: typeof fetch = async () => {
      requests++;
      throw new TypeError('the network is away');
    };
    const { files } = createClient({ url: server.url, token: editor.token, fetch: away });
    await assert.rejects(files.upload(episode, { name: 'scene.txt', content: new Blob([text]) }), refused(0));
    await assert.rejects(files.upload(episode, { name: 'scene.txt', content: new Blob([text]).stream() }), refused(0));
    assert.equal(requests, 2);
  });

  it('are listed, renamed and deleted', async () => {
    const before = (await asViewer.files.list(episode)).length;
    const { id } = await asEditor.files.upload(episode, { name: 'draft.txt', content: new Blob([text]) });
    const page = await asViewer.files.list(episode, { limit: 1 });
    assert.deepEqual(page.map((file) => file.id), [id]);
    assert.equal(page.nextCursor === undefined, before === 0);
    assert.equal((await asEditor.files.rename(id, 'final.txt')).name, 'final.txt');
    assert.equal((await asViewer.files.get(id)).name, 'final.txt');
    await assert.rejects(asViewer.files.delete(id), refused(403));
    await asEditor.files.delete(id);
    await assert.rejects(asViewer.files.get(id), refused(404));
    await assert.rejects(asViewer.files.download(id), refused(404));
    assert.equal((await asViewer.files.list(episode)).length, before);
  });

  it('of one\'s own are nobody else\'s', async () => {
    const { id, episodeId } = await asEditor.files.upload(null, { name: 'mine.txt', content: new Blob([text]) });
    assert.equal(episodeId, null);
    assert.deepEqual((await asEditor.files.own()).map((file) => file.id), [id]);
    assert.deepEqual((await asViewer.files.own()), []);
    await assert.rejects(asViewer.files.download(id), refused(404));
  });

  it('give a part', async () => {
    const { id } = await asEditor.files.upload(episode, { name: 'scene.txt', content: new Blob([text]) });
    const part = await asViewer.files.download(id, { range: { start: 5, end: 11 } });
    assert.equal(part.status, 206);
    assert.equal(await part.text(), 'KITCHEN');
    assert.equal(await (await asViewer.files.download(id, { range: { start: 15 } })).text(), 'NIGHT\n');
    await assert.rejects(asViewer.files.download(id, { range: { start: 500 } }), refused(416));
    await assert.rejects(asViewer.files.download(id, { variant: 'small' }), refused(404));
    const response = await fetch(asViewer.files.url(id), { headers: { Authorization: `Bearer ${viewer.token}` } });
    assert.equal(await response.text(), text);
  });

  it('cannot be uploaded without the right to, or to no episode', async () => {
    const upload = { name: 'scene.txt', content: new Blob([text]) };
    await assert.rejects(asViewer.files.upload(episode, upload), refused(403));
    await assert.rejects(asEditor.files.upload('01a20ccf-c53a-7b7b-b74f-7d91ab6172be', upload), refused(404));
  });

  it('stop coming when the signal ends', async () => {
    const ended = AbortSignal.abort();
    const { id } = await asEditor.files.upload(episode, { name: 'scene.txt', content: new Blob([text]) });
    await assert.rejects(asEditor.files.download(id, { signal: ended }), refused(0));
    await assert.rejects(asEditor.files.upload(episode, { name: 'a.txt', content: new Blob([text]) }, { signal: ended }), refused(0));
  });
});
