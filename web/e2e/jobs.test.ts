import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, installed, rowOf } from './browser';
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
    const data = await page.evaluateHandle(
      ([file, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], file, { type: 'text/csv' }));
        return transfer;
      },
      [name, content] as const,
    );
    await page.dispatchEvent('main', 'drop', { dataTransfer: data });
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
