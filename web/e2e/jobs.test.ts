import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, fileInHand, installed, rowOf } from './browser';
import { picture } from './places';
import type { Login } from './site';
import { setStage } from './stage';

describe.skipIf(!installed)('jobs and imports', () => {
  const stage = setStage();
  let page: Page;

  async function open(login: Login, path: string): Promise<void> {
    page = await stage.open(login, path);
  }

  /** Drops a file on the page, as a hand would. */
  async function drop(name: string, content: string): Promise<void> {
    await page.dispatchEvent('main', 'drop', { dataTransfer: await fileInHand(page, name, content, 'text/csv') });
  }

  it('brings a dropped sheet onto the board, with an answer to what the server asks', async () => {
    await open(stage.logins.ben, '/import');
    await page.getByLabel('Into').selectOption({ label: 'Lighthouse Nine' });
    await drop('nine.csv', 'Season,No.,Foo,Bar\r\n7,1,QJ Salt,x\r\n7,2,QJ Landfall,y\r\n7,zwei,QJ Left Out,z\r\n');
    const question = page.getByRole('region', { name: 'One question' });
    await question.getByRole('radio', { name: 'Foo' }).check();
    await page.reload(); // goes on where it was: with the question
    await question.getByRole('radio', { name: 'Foo' }).check();
    await expectAccessible(page);
    await question.getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('button', { name: 'Check all 3 rows' }).click();
    await page.getByText('2 of 3 rows can be imported').waitFor();
    await page.getByRole('cell', { name: '"zwei"' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Import 2 episodes' }).click();
    await page.getByText('2 episodes are on the board').waitFor();
    await expectAccessible(page);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download these rows' }).click()]);
    expect(file.suggestedFilename()).toBe('refused.csv');
    await page.getByRole('link', { name: 'Show them' }).click();
    await rowOf(page, 'QJ Landfall').waitFor();
    await page.goto(`${stage.site.url}/inbox`);
    await page.locator('[data-note]', { hasText: 'Check of nine.csv into Lighthouse Nine' }).waitFor(); // each note names its file
    await page.locator('[data-note]', { hasText: /^Import is(?! planned).*nine\.csv into Lighthouse Nine/ }).click();
    await page.getByRole('article').getByText('nine.csv into Lighthouse Nine').waitFor();
  });

  it('says that a sheet has no season, before anything is written', async () => {
    await open(stage.logins.ben, '/import');
    await page.getByLabel('Into').selectOption({ label: 'Lighthouse Nine' });
    const notFound: string[] = [];
    page.on('response', (response) => response.status() === 404 && notFound.push(response.url()));
    await drop('flat.csv', 'Episode,Title\r\n901,QN Flat\r\n');
    await page.getByText('The file says no season').waitFor();
    await page.getByRole('button', { name: 'Check the row' }).click();
    await page.getByText('The row can be imported').waitFor();
    await page.getByText('The file says no season').waitFor();
    expect(notFound).toEqual([]);
  });

  it('exports what is selected, and shows the job with its log', async () => {
    const id = await stage.make({ title: 'QK Exported' });
    await open(stage.logins.mira, '/episodes?q=QK ');
    await page.locator(`[data-row="${id}"] [data-cell$=title]`).focus();
    await page.keyboard.press('x');
    await page.getByRole('toolbar').getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()]);
    expect(file.suggestedFilename()).toMatch(/\.csv$/);
    await page.keyboard.press('Escape');
    await page.getByRole('navigation').getByRole('link', { name: /^Jobs/ }).click();
    const row = page.getByRole('region', { name: 'Ended' }).locator('[data-job]').first();
    await row.getByRole('link', { name: 'Download' }).waitFor();
    await row.getByRole('link', { name: /log and more/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Export' });
    await drawer.getByText('Mira Lindqvist').waitFor();
    await drawer.getByRole('region', { name: 'Log' }).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.waitForURL(/\/jobs$/);
    await expect.poll(() => row.getByRole('link', { name: /log and more/ }).evaluate((link) => link === document.activeElement)).toBe(true);
  });

  it('cancels a job under way, which its owner can have again', async () => {
    const lines = Array.from({ length: 500_000 }, (_, i) => `9,${i},QL ${i}`);
    const sheet = await stage.ben.files.upload(null, { name: 'long.csv', content: new Blob([['Season,No.,Title', ...lines].join('\r\n')], { type: 'text/csv' }) });
    await open(stage.logins.ben, '/jobs');
    await page.getByRole('heading', { name: 'Ended' }).waitFor();
    const args = { file_id: sheet.id, dry_run: true };
    const { data } = await stage.ben.api.POST('/api/v1/jobs', { body: { kind: 'data-import', args } });
    const id = data?.data.id ?? '';
    const statusOf = async () => (await stage.ben.api.GET('/api/v1/jobs/{id}', { params: { path: { id } } })).data?.data.status;
    const row = page.locator(`[data-job="${id}"]`);
    await row.getByRole('progressbar').waitFor(); // it comes by itself, and so does its end
    await row.getByRole('button', { name: 'Cancel Import' }).click();
    await page.getByText('Cancelled: ').first().waitFor();
    await expect.poll(statusOf).toBe('cancelled');
    await page.getByRole('region', { name: 'Ended' }).locator(`[data-job="${id}"]`, { hasText: 'Cancelled' }).getByRole('link', { name: /log and more/ }).click();
    const drawer = page.getByRole('dialog', { name: 'Import' });
    await drawer.getByText('Cancelled', { exact: true }).waitFor();
    await drawer.getByRole('button', { name: 'Continue' }).click();
    await drawer.getByText('Running', { exact: true }).waitFor();
    await drawer.getByRole('progressbar').waitFor();
    await drawer.getByRole('button', { name: 'Cancel' }).click();
    await drawer.getByText('Cancelled', { exact: true }).waitFor();
  });

  it('says why a job has failed, and tries it again', async () => {
    const episode = await stage.make({ title: 'QM Broken' });
    const file = await stage.ben.files.upload(episode, { name: 'broken.png', content: new Blob([picture.subarray(0, 40)], { type: 'image/png' }) });
    await open(stage.logins.ben, `/episodes/${episode}`);
    await page.getByRole('button', { name: 'More for broken.png' }).click();
    await page.getByRole('menuitem', { name: 'Use as the picture' }).click();
    const panel = page.getByRole('region', { name: 'Jobs' });
    await panel.getByText(/^Failed: /).waitFor();
    await panel.getByRole('link', { name: 'Thumbnails: log and more' }).click();
    const drawer = page.getByRole('dialog', { name: 'Thumbnails' });
    await drawer.getByText(/^Failed: /).waitFor();
    await drawer.getByRole('log').getByText('Error').first().waitFor();
    await drawer.getByRole('link', { name: file.name }).waitFor();
    await expectAccessible(page, 'dialog');
    await drawer.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('Queued again: Thumbnails').waitFor();
    await drawer.getByText(/^Failed: /).waitFor();
  });

  it('shows viewers neither jobs nor imports', async () => {
    await open(stage.logins.tom, '/jobs');
    await page.getByText('For editors and admins only').waitFor();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Jobs' }).count()).toBe(0);
    await page.goto(`${stage.site.url}/import`);
    await page.getByText('For editors and admins only').waitFor();
    expect(await page.getByText('Choose a file').count()).toBe(0);
  });
});
