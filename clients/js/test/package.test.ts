import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { bundle } from '#scripts/bundle.mjs';
import { Callboard } from '../src/index.js';
import { Server, type TestUser } from './server.js';
import { eventually, within } from './wait.js';

/** The environment without what npm told of itself, which another npm would heed. */
const plainEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')));

/** Runs a program in a folder, and resolves to what it wrote. */
async function run(folder: string, program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const ended = new Promise<string>((done, failed) => {
    execFile(program, args, { cwd: folder, env: { ...plainEnv, ...env } }, (error, stdout, stderr) => {
      if (error) {
        failed(new Error(`${program} ${args.join(' ')}:\n${stdout}${stderr}`, { cause: error }));
      } else {
        done(stdout);
      }
    });
  });
  return within(ended, `${program} ${args.join(' ')}`, 100_000);
}

/** Returns the path of a tool that this package is made with. */
function tool(name: string): string {
  return resolve('node_modules/.bin', name);
}

describe('the package, installed from what npm pack makes', () => {
  let server: Server;
  let admin: TestUser, viewer: TestUser;
  let asAdmin: Callboard;
  let folder = '', tarball = '';
  let env: Record<string, string> = {};

  before(async () => {
    server = await Server.start();
    admin = await server.addUser('Ada', 'admin');
    viewer = await server.addUser('Vic', 'viewer');
    const token = await server.addToken(admin.email, '--service');
    asAdmin = new Callboard({ url: server.url, token: admin.token });
    env = { CALLBOARD_URL: server.url, CALLBOARD_TOKEN: token, VITE_URL: server.url, VITE_TOKEN: token, USER_ID: viewer.id };
    folder = await mkdtemp(join(tmpdir(), 'callboard-package-'));
    const packed = await run(resolve('.'), 'npm', ['pack', '--silent', '--pack-destination', folder]);
    tarball = join(folder, packed.trim().split('\n').at(-1) ?? '');
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Copies a project, installs the package there, and returns where it is. */
  async function install(name: string): Promise<string> {
    const project = join(folder, name);
    await cp(resolve('test/projects', name), project, { recursive: true });
    await run(project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball]);
    return project;
  }

  it('has exports that every resolution of TypeScript and Node takes, and a licence', async () => {
    await run(folder, tool('publint'), [tarball, '--strict']);
    await run(folder, tool('attw'), [tarball]);
    assert.match(await run(folder, 'tar', ['-tzf', tarball]), /^package\/LICENSE$/m);
  });

  it('works in CommonJS, with the calls and the tests of an application', async () => {
    const project = await install('commonjs');
    const told = JSON.parse(await run(project, process.execPath, ['main.js'], env)) as unknown;
    assert.deepEqual(told, {
      cut: { id: 1, title: 'Rough cut' },
      created: { id: 1, title: 'Rough cut' },
      heard: { episodeId: 7 },
      byResource: ['reviewed', 'closed', 'opened'],
      byUser: ['reviewed', 'closed', 'opened'],
      viewers: [viewer.id],
      left: [],
    });
    await eventually('what was not awaited', async () => {
      const [entry] = await asAdmin.ActivityService.findByResource('cut', 1);
      return entry?.action === 'created_cut' && entry.userId === viewer.id ? entry : undefined;
    });
    await eventually('the notifications', async () => {
      const { data } = await new Callboard({ url: server.url, token: viewer.token }).api.GET('/api/v1/notifications');
      const types = data?.data.map((notification) => notification.type).toSorted().join();
      return types === 'cut_created,reel_reviewed' ? types : undefined;
    });
    await run(project, tool('jest'), ['--ci', '--rootDir', project]);
  });

  it('works in an ES module, beside one that was loaded with require', async () => {
    const project = await install('esm');
    const told = JSON.parse(await run(project, process.execPath, ['main.js'], env)) as unknown;
    assert.deepEqual(told, { heard: { project: 'esm' }, entries: ['imported', 'required'] });
  });

  it('works in strict TypeScript without types of the DOM or of Node', async () => {
    const project = await install('typescript');
    await run(project, tool('tsc'), ['-p', 'tsconfig.bundler.json']);
    await run(project, tool('tsc'), ['-p', 'tsconfig.json']);
    const told = JSON.parse(await run(project, process.execPath, ['dist/main.js'], env)) as unknown;
    assert.deepEqual(told, { found: true, viewers: [], titles: [], status: 200, heard: { project: 'typescript' } });
  });

  it('works in a bundle by Vite, and leaves out of one what it does not use', async () => {
    const project = await install('vite');
    await run(project, tool('vite'), ['build'], env);
    const [output] = /[^"]*main\.js/.exec(await readFile(join(project, 'dist/index.html'), 'utf8')) ?? [''];
    // Node has the WebSocket of browsers, behind a flag at first.
    const told = JSON.parse(await run(project, process.execPath, ['--experimental-websocket', join('dist', output)], env)) as unknown;
    assert.deepEqual(told, { found: true, heard: { project: 'vite' } });

    const centrifuge = async (program: string): Promise<boolean> =>
      (await bundle(program, project)).modules.some((module) => module.includes('node_modules/centrifuge/'));
    assert.equal(await centrifuge('export { Callboard } from "callboard"'), true);
    assert.equal(await centrifuge('export { RestClient, CallboardError } from "callboard"'), false);
    assert.equal(await centrifuge('export { ActivityService, NotificationService, PresenceService, configure } from "callboard"'), false);
  });
});
