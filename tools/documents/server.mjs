import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const binary = process.env.CALLBOARD_BIN;
if (!binary) {
  throw new Error('CALLBOARD_BIN names no server: run make test-documents');
}

/** Starts a server with an admin, and returns its address, a token of that admin, and what stops it. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-documents-'));
  const run = (...args) => execFileSync(binary, [...args, '--data-dir', folder], { encoding: 'utf8', input: 'correct horse battery\n' }).trim();
  const child = spawn(binary, ['serve', '--http-addr', '127.0.0.1:0', '--data-dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  let url;
  for await (const line of createInterface({ input: child.stdout })) {
    url = /Callboard is at (http:\/\/[^\s/]+)/.exec(line)?.[1];
    if (url) {
      break;
    }
  }
  child.stdout.resume();
  const email = 'ada@example.org';
  run('user', 'add', '--email', email, '--name', 'Ada Quill', '--role', 'admin', '--password-stdin');
  const token = run('token', 'create', '--email', email, '--name', 'documents');
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, token, stop };
}

/** Returns the text of a document of a server. */
export async function documentOf(url, name) {
  const answer = await fetch(`${url}/${name}`);
  if (!answer.ok) {
    throw new Error(`${name}: the server answered ${answer.status}`);
  }
  return answer.text();
}
