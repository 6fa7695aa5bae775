import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { createClient } from '@hey-api/openapi-ts';
import { InputData, JSONSchemaInput, FetchingJSONSchemaStore, quicktype } from 'quicktype-core';

import { documentOf, startServer } from '../server.mjs';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

describe('the OpenAPI document', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-documents-'));
  const path = join(folder, 'openapi.json');
  let server;
  let text;

  before(async () => {
    server = await startServer();
    text = await documentOf(server.url, 'openapi.json');
    writeFileSync(path, text);
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has nothing that Redocly's recommended rules find fault with", async () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' };
    const cli = here('node_modules/@redocly/cli/bin/cli.js');
    const lint = run(process.execPath, [cli, 'lint', path, '--extends=recommended', '--format=json', '--max-problems=1000'],
      { env, cwd: folder, maxBuffer: 64 << 20 });
    const { stdout } = await lint.catch((error) => error);
    const found = JSON.parse(stdout).problems.map((p) => `${p.severity} ${p.ruleId}: ${p.message} ${p.location[0]?.pointer}`);
    assert.deepEqual(found, []);
  });

  it('makes a TypeScript client that compiles', async () => {
    const output = join(folder, 'typescript');
    await createClient({
      input: path, output, logs: { level: 'silent', file: false },
      plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
    });
    const tsc = here('node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--module', 'nodenext', '--moduleResolution',
      'nodenext', '--lib', 'es2022,dom,dom.iterable', join(output, 'index.ts')], { cwd: folder }).catch((error) => assert.fail(error.stdout));
  });

  const noPython = spawnSync('python3', ['--version']).error && !process.env.CALLBOARD_TEST_REQUIRE?.split(',').includes('python') &&
    'SKIPPED: python3 is not installed';

  it('makes Python types that compile, and read what the server answers', { skip: noPython }, async () => {
    const { components } = JSON.parse(text);
    const names = Object.keys(components.schemas);
    const all = { // one type that has all others
      type: 'object', required: names, components,
      properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/schemas/${name}` }])),
    };
    const schemas = new JSONSchemaInput(new FetchingJSONSchemaStore());
    await schemas.addSource({ name: 'Callboard', schema: JSON.stringify(all) });
    const inputData = new InputData();
    inputData.addInput(schemas);
    const { lines } = await quicktype({ inputData, lang: 'python', rendererOptions: { 'python-version': '3.7' } });
    writeFileSync(join(folder, 'callboard_types.py'), lines.join('\n'));
    const env = { ...process.env, PYTHONPATH: folder, PYTHONPYCACHEPREFIX: join(folder, 'cache') };
    await run('python3', ['-m', 'py_compile', join(folder, 'callboard_types.py')], { env });
    const { stdout } = await run('python3', [here('client.py'), server.url, server.token], { env });
    assert.equal(stdout.trim(), 'Episode created successfully: Dead Reckoning, draft; 1 in the list; 422 title');
  });
});
