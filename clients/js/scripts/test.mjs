import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { withBinary } from './binary.mjs';

const folder = new URL('../dist/test/test/', import.meta.url);

process.exitCode = await withBinary((binary) => {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => fileURLToPath(new URL(name, folder)));
  // A test that hangs, or leaves a connection open, fails the run and doesn't hold it up.
  // They wait for servers more than they compute: several run at once, whatever the number of cores.
  const flags = ['--enable-source-maps', '--test', '--test-timeout=600000', '--test-force-exit', '--test-concurrency=2'];
  const run = spawnSync(process.execPath, [...flags, ...files], {
    stdio: 'inherit',
    env: { ...process.env, CALLBOARD_BIN: binary },
  });
  return run.status ?? 1;
});
