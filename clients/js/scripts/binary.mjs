import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Calls use with the path of the server: what CALLBOARD_BIN names, or else one built from this repository, which is
 * removed afterwards.
 * @template T
 * @param {(binary: string) => T | Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withBinary(use) {
  const given = process.env.CALLBOARD_BIN;
  if (given) {
    return use(given);
  }
  const folder = mkdtempSync(join(tmpdir(), 'callboard-js-'));
  try {
    const binary = join(folder, 'callboard');
    execFileSync('go', ['build', '-o', binary, './cmd/callboard'], { cwd: repository, stdio: 'inherit' });
    return await use(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
