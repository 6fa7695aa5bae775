import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed } from './browser';
import { setStage, Stage } from './stage';

/** A file to upload, of random bytes. */
function fileOf(name: string, megabytes: number) {
  const buffer = randomBytes(megabytes << 20);
  return { name, mimeType: 'application/octet-stream', buffer };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** What the server has of the files of an episode. */
async function filesOf(stage: Stage, id: string) {
  const { data } = await stage.ben.api.GET('/api/v1/episodes/{id}/files', { params: { path: { id } } });
  return data?.data.map(({ name, sha256, size }) => ({ name, sha256, size }));
}

const whole = ({ name, buffer }: ReturnType<typeof fileOf>) => ({ name, sha256: sha256(buffer), size: buffer.length });

const choose = (page: Page, file: ReturnType<typeof fileOf>) => page.getByLabel('Choose files to upload').setInputFiles(file);

const tryAgain = (page: Page, name: string) => page.getByRole('button', { name: `Try again Upload of ${name}` });

describe.skipIf(!installed)('an upload', () => {
  const stage = setStage();

  /** Slows a page down, so that an upload takes its time. Returns what ends that. */
  async function slow(page: Page): Promise<() => Promise<void>> {
    const network = await page.context().newCDPSession(page);
    const send = (uploadThroughput: number) => network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
    await network.send('Network.enable');
    await send(1 << 20);
    return async () => {
      await send(-1);
      await network.detach();
    };
  }

  it('that is cut by the end of the server says so, and is whole when it is tried again', async () => {
    const id = await stage.make({ title: 'UA Title' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    const file = fileOf('cut.bin', 8);
    const fast = await slow(page);
    await choose(page, file);
    const progress = page.getByRole('progressbar', { name: 'Upload of cut.bin' });
    await expect.poll(() => progress.getAttribute('aria-valuenow').then(Number), { interval: 20 }).toBeGreaterThan(0);
    await stage.site.kill();
    await page.getByRole('region', { name: 'Files' }).getByRole('alert').getByText('Not uploaded. The server did not answer.').waitFor();
    await stage.site.up();
    await fast();
    expect(await filesOf(stage, id)).toEqual([]);
    await tryAgain(page, 'cut.bin').click();
    await page.getByText('Added cut.bin', { exact: true }).waitFor();
    expect(await filesOf(stage, id)).toEqual([whole(file)]);
    await page.getByRole('link', { name: 'Open cut.bin' }).waitFor();
    expect(await tryAgain(page, 'cut.bin').count()).toBe(0);
  });

  it('whose answer was lost is there once, also when it is tried again', async () => {
    const id = await stage.make({ title: 'UB Title' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    const file = fileOf('lost.bin', 1);
    await page.route('**/files', async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    }, { times: 1 });
    await choose(page, file);
    await tryAgain(page, 'lost.bin').click();
    await page.getByText('Added lost.bin', { exact: true }).waitFor();
    expect(await filesOf(stage, id)).toEqual([whole(file)]);
    expect(await page.getByRole('link', { name: 'Open lost.bin' }).count()).toBe(1);
  });
});

const root = process.getuid?.() === 0 && process.platform === 'linux';
if (!root && (process.env['CALLBOARD_TEST_REQUIRE'] ?? '').split(',').includes('tmpfs')) {
  throw new Error('CALLBOARD_TEST_REQUIRE names tmpfs, which takes root on Linux');
}

describe.skipIf(!installed || !root)('a server whose disk is full', () => {
  const stage = new Stage();
  let disk: string;

  beforeAll(async () => {
    disk = mkdtempSync(join(tmpdir(), 'callboard-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
    await stage.begin(disk);
  });
  afterEach(() => stage.closePages());
  afterAll(async () => {
    await stage.end();
    execFileSync('umount', [disk]);
    rmdirSync(disk);
  });

  /** Fills the disk to the last byte. Returns what does. */
  function fill(): string {
    const path = join(disk, 'ballast');
    const file = openSync(path, 'w');
    for (const size of [64 << 10, 4 << 10, 1]) {
      try {
        for (;;) {
          writeSync(file, Buffer.alloc(size));
        }
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    }
    closeSync(file);
    return path;
  }

  it('says that there is no room, keeps nothing by halves, and takes all once there is', async () => {
    const id = await stage.make({ title: 'UC Title' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    const folder = join(disk, readdirSync(disk)[0] ?? '', 'data', 'files');
    const kept = (): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
    const before = kept();
    const ballast = fill();
    const file = fileOf('no-room.bin', 4);
    await choose(page, file);
    await page.getByRole('region', { name: 'Files' }).getByRole('alert').getByText(/^Not uploaded\. .*room/).waitFor();
    await page.locator('[data-cell=title]').click();
    await page.getByLabel('Title', { exact: true }).fill('UC Typed');
    await page.keyboard.press('Enter');
    await page.getByText('Not saved: the server cannot write now.').waitFor();
    expect(await filesOf(stage, id)).toEqual([]);
    rmSync(ballast);
    await page.getByRole('button', { name: 'Try now' }).click();
    await expect.poll(async () => (await stage.read(id))?.title).toBe('UC Typed');
    expect(kept()).toEqual(before);
    await tryAgain(page, 'no-room.bin').click();
    await page.getByText('Added no-room.bin', { exact: true }).waitFor();
    expect(await filesOf(stage, id)).toEqual([whole(file)]);
  });
});
