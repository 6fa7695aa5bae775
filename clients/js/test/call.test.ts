import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';

import { Callboard, CallboardError } from '../src/index.js';
import { eventually, Heard, within } from './wait.js';

const entry = { action: 'lit_set', resourceType: 'set', resourceId: 'kitchen' };
const refusing: typeof fetch = async () => Response.json({ status: 403, detail: 'you may not' }, { status: 403 });

function setUp() {
  let tell: (value: string, source: 'live') => void = () => undefined;
  const told = new Heard<string>((handler) => (tell = handler));
  const onError = (error: unknown, call: string): void => tell(`${call}: ${String(error)}`, 'live');
  return { told, client: new Callboard({ url: 'http://board.example', fetch: refusing, onError }) };
}

describe('a call that fails', () => {
  it('is told to onError when nobody waits for it', async () => {
    const { told, client } = setUp();
    void client.SocketService.broadcastMessage({ event: 'now' });
    await told.find('the call', (text) => text === 'SocketService.broadcastMessage: CallboardError: you may not');
    void client.jobs.kinds();
    await told.find('another', (text) => text.startsWith('jobs.kinds: '));
    assert.equal(told.all.length, 2);
  });

  const waits: [string, (call: Promise<unknown>) => Promise<unknown>][] = [
    ['await', async (call) => { await call; }],
    ['return', (call) => call],
    ['then', (call) => call.then(() => undefined)],
    ['catch', (call) => call.catch((error: unknown) => { throw error; })],
    ['finally', (call) => call.finally(() => undefined)],
    ['Promise.all', (call) => Promise.all([call])],
    ['Promise.race', (call) => Promise.race([call])],
  ];
  for (const [name, wait] of waits) {
    it(`rejects for who waits with ${name}, and for nobody else`, async () => {
      const { told, client } = setUp();
      await assert.rejects(wait(client.ActivityService.logActivity(entry)), CallboardError);
      void client.jobs.kinds();
      await told.find('the other call');
      assert.deepEqual(told.all.map((text) => text.split(':')[0]), ['jobs.kinds']);
    });
  }

  it('still rejects for who comes late', async () => {
    const { told, client } = setUp();
    const call = client.ActivityService.logActivity(entry);
    await told.find('the call');
    await assert.rejects(call, CallboardError);
  });

  it('is on the console when onError itself fails', async (t) => {
    const logged = t.mock.method(globalThis.console, 'error', () => undefined);
    const onError = (): never => {
      throw new Error('no room for more');
    };
    void new Callboard({ url: 'http://board.example', fetch: refusing, onError }).jobs.kinds();
    await eventually('the line', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return logged.mock.calls[0];
    });
    assert.deepEqual(logged.mock.calls[0]?.arguments, ['callboard: onError failed: no room for more']);
  });

  it('ends no process, and is on the console by default', async () => {
    const calls = ['SocketService.initialize', 'SocketService.broadcastMessage', 'SocketService.sendToUser', 'SocketService.sendToRoom',
      'ActivityService.logActivity', 'ActivityService.bulkLogActivity', 'ActivityService.findByUser', 'NotificationService.create',
      'PresenceService.trackViewer', 'PresenceService.getViewers', 'PresenceService.removeViewer'];
    const script = `
      import { Callboard } from ${JSON.stringify(new URL('../src/index.js', import.meta.url).href)};
      const { ActivityService, NotificationService, PresenceService, SocketService } =
        new Callboard({ url: 'http://127.0.0.1:1', token: 'any', retry: false });
      const callboard = new Callboard({ url: 'http://127.0.0.1:1', token: 'any', retry: false });
      const { error } = console;
      let left = ${calls.length};
      console.error = (line) => {
        error(line);
        if (--left === 0) setImmediate(() => process.exit(0));
      };
      try {
        SocketService.initialize({ on() {}, listen() {} });
        SocketService.broadcastMessage({ event: 'now' });
        SocketService.sendToUser(undefined, { event: 'now' });
        SocketService.sendToRoom('green', { event: 'now' });
        ActivityService.logActivity({ action: 'now' });
        ActivityService.bulkLogActivity(null);
        ActivityService.findByUser('me');
        NotificationService.create();
        PresenceService.trackViewer();
        PresenceService.getViewers();
        PresenceService.removeViewer();
        callboard.SocketService.initialize();
        callboard.connect().close(); // and with it initialize fails
      } catch {
        process.exit(3);
      }
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const [code] = (await within(once(child, 'close'), 'the process ends')) as [number];
    assert.equal(code, 0, log);
    for (const call of calls) {
      assert.match(log, new RegExp(`^callboard: ${call} failed: `, 'm'));
    }
  });
});
