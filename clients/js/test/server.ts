import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { createClient } from '../src/index.js';
import { hearOwn, within } from './wait.js';

export interface TestUser {
  id: string;
  email: string;
  name: string;
  password: string;
  token: string;
}

/**
 * A port that nothing listens on. It is none of those that systems give to outgoing connections: such a connection could take it
 * while a server is away that is to come back there.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const probe = createServer();
    const port = randomInt(20_000, 32_768);
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => probe.close(resolve));
    if (free) {
      return port;
    }
  }
}

/** A server of its own, with a data folder of its own. */
export class Server {
  readonly #binary: string;
  readonly #folder: string;
  readonly #env: Record<string, string>;
  #process: ChildProcess | undefined;
  #log = '';
  url = '';

  private constructor(binary: string, folder: string, env: Record<string, string>) {
    this.#binary = binary;
    this.#folder = folder;
    this.#env = env;
  }

  /** Starts a server with settings of its own. */
  static async start(env: Record<string, string> = {}): Promise<Server> {
    const binary = process.env['CALLBOARD_BIN'];
    if (!binary) {
      throw new Error('CALLBOARD_BIN names no server: run the tests with npm test');
    }
    const server = new Server(binary, await mkdtemp(join(tmpdir(), 'callboard-js-')), env);
    await server.serve(`127.0.0.1:${await freePort()}`);
    return server;
  }

  /** Starts the process and waits until it tells where it is. */
  async serve(address = new URL(this.url).host): Promise<void> {
    const child = spawn(this.#binary, ['serve', '--http-addr', address, ...this.#data()], {
      stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.#env },
    });
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    const told = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const found = /Callboard is at (http:\/\/\S+)/.exec(line);
        if (found?.[1]) {
          return found[1].replace(/\/$/, '');
        }
      }
      throw new Error(`the server ended: ${this.#log}`);
    })();
    this.url = await within(told, 'the server starts');
    child.stdout.resume();
  }

  /** Ends the process as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends the process as an operator would, who starts it again. */
  async terminate(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await within(ended, 'the server ends', 20_000);
    }
  }

  async addUser(name: string, role: 'admin' | 'editor' | 'viewer'): Promise<TestUser> {
    const email = `${name.toLowerCase()}@show.example`;
    const password = `the long password of ${name}`;
    const id = await this.#run(['user', 'add', '--email', email, '--name', name, '--role', role, '--password-stdin'], password);
    return { id, email, name, password, token: await this.addToken(email) };
  }

  async addToken(email: string, ...flags: string[]): Promise<string> {
    return this.#run(['token', 'create', '--email', email, '--name', 'test', ...flags]);
  }

  /** Resolves once everybody has heard what was done until now, such as the making of users. */
  async settle(admin: TestUser): Promise<void> {
    const client = createClient({ url: this.url, token: admin.token });
    const live = await client.SocketService.initialize();
    try {
      const heard = hearOwn(live, 'settled');
      await client.SocketService.broadcastMessage({ event: 'settled' });
      await heard.find('what was done until now');
    } finally {
      live.close();
    }
  }

  async #run(args: string[], input = ''): Promise<string> {
    const pending = new Promise<string>((resolve, reject) => {
      const child = execFile(this.#binary, [...args, ...this.#data()], (error, stdout, stderr) => {
        if (error) {
          reject(new Error(`${args.join(' ')}: ${stderr}`, { cause: error }));
        } else {
          resolve(stdout.trim());
        }
      });
      child.stdin?.end(input);
    });
    return within(pending, args.join(' '), 20_000);
  }

  #data(): string[] {
    return ['--data-dir', this.#folder];
  }
}
