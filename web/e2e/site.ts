import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { Callboard } from 'callboard';

/** A user of the demo. */
export interface Login {
  role: string;
  name: string;
  email: string;
  password: string;
}

interface Start {
  demo?: boolean;
  prefix?: string;
  folder?: string;
  settings?: (url: string) => string[] | Promise<string[]>;
}

const binary = process.env['CALLBOARD_BIN'] ?? join(import.meta.dirname, '../../bin/callboard');

/** A server of its own, the real binary, on a data folder of its own. */
export class Site {
  readonly url: string;
  readonly #dir: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(dir: string, port: number, args: readonly string[], prefix: string) {
    this.#dir = dir;
    this.#args = args;
    this.url = `http://127.0.0.1:${port}${prefix}`;
  }

  /**
   * Starts a server. Folder is where it keeps its own; by default one of the system's for what is temporary. Settings returns more flags, for the address
   * that it will have.
   */
  static async start({ demo = true, prefix = '', folder = tmpdir(), settings = (): string[] | Promise<string[]> => [] }: Start = {}): Promise<Site> {
    const dir = await mkdtemp(join(folder, 'callboard-board-'));
    const port = await freePort();
    const args = [...(demo ? ['--demo', '--no-demo-life'] : []), ...(prefix ? ['--path-prefix', prefix] : []), ...(await settings(`http://127.0.0.1:${port}${prefix}`))];
    const site = new Site(dir, port, ['serve', '--data-dir', join(dir, 'data'), '--http-addr', `127.0.0.1:${port}`, '--log-level', 'error', ...args], prefix);
    await site.up();
    return site;
  }

  /** Starts the server, also again. Resolves once it answers. */
  async up(): Promise<void> {
    this.#output = '';
    const process = spawn(binary, this.#args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = process;
    await new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes(this.url)) {
          resolve();
        }
      };
      process.stdout.on('data', hear);
      process.stderr.on('data', hear);
      process.once('exit', (code) => reject(new Error(`the server has ended with ${code}: ${this.#output}`)));
      process.once('error', reject);
    });
  }

  /** Ends the server as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process?.exitCode === null) {
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill(signal);
      await ended;
    }
  }

  /** The link by which the first admin is made. */
  setupLink(): string {
    const link = /http:\S+\/setup\?token=\S+/.exec(this.#output)?.[0];
    if (!link) {
      throw new Error(`no link in ${this.#output}`);
    }
    return link;
  }

  async logins(): Promise<{ ada: Login; ben: Login; mira: Login; tom: Login }> {
    const logins = JSON.parse(await readFile(join(this.#dir, 'data', 'demo_logins.json'), 'utf8')) as Login[];
    const [ada, ben, mira, tom] = logins as [Login, Login, Login, Login];
    return { ada, ben, mira, tom };
  }

  /** A client that acts for a user, beside the browser. */
  async as({ email, password }: Login): Promise<Callboard> {
    const json = { 'Content-Type': 'application/json' };
    const signedIn = await fetch(`${this.url}/api/v1/auth/login`, { method: 'POST', headers: json, body: JSON.stringify({ email, password }) });
    const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const made = await fetch(`${this.url}/api/v1/auth/tokens`, { method: 'POST', headers: { ...json, cookie }, body: JSON.stringify({ name: 'browser tests' }) });
    const { data } = (await made.json()) as { data: { token: string } };
    return new Callboard({ url: this.url, token: data.token });
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
