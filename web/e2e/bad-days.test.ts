import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed, rowOf } from './browser';
import { setStage } from './stage';

// What goes wrong with a board that is open all day: at real servers, which really end.

describe.skipIf(!installed)('on a bad day', () => {
  const stage = setStage();

  const titleOf = async (id: string) => (await stage.read(id))?.title;

  /** Writes a title on the page of an episode. */
  async function retitle(page: Page, title: string): Promise<void> {
    await page.locator('[data-cell=title]').click();
    await page.getByLabel('Title', { exact: true }).fill(title);
    await page.keyboard.press('Enter');
  }

  const live = (page: Page) => page.locator('[data-signal=live]').waitFor({ timeout: 20_000 });

  it('keeps what is typed while nobody answers, through a reload, and saves it in order', async () => {
    const [first, second] = [await stage.make({ title: 'BA First' }), await stage.make({ title: 'BA Second' })];
    const page = await stage.open(stage.logins.ada, '/episodes?q=BA ');
    await rowOf(page, 'BA First').waitFor();
    const offline = (on: boolean) => page.context().setOffline(on);
    await offline(true);
    await page.locator('[data-signal=offline]').waitFor();
    const edit = async (id: string, title: string): Promise<void> => {
      await page.locator(`[data-row="${id}"] [data-cell$=title]`).focus();
      await page.keyboard.press('F2');
      await page.locator(`[data-row="${id}"] input:not([type=checkbox])`).fill(title);
      await page.keyboard.press('Enter');
    };
    await edit(first, 'BA First, Typed');
    await page.getByText('Your title is not saved yet.').waitFor();
    await edit(second, 'BA Second, Typed');
    await page.getByText('2 edits wait.').waitFor();
    await rowOf(page, 'BA First, Typed').getByRole('img', { name: 'Not saved yet' }).waitFor();
    expect(await titleOf(first)).toBe('BA First');
    await offline(false);
    await stage.site.kill(); // the page that comes back finds nobody, and then what was kept
    await stage.site.up();
    await page.reload();
    await expect.poll(() => titleOf(first)).toBe('BA First, Typed');
    await expect.poll(() => titleOf(second)).toBe('BA Second, Typed');
    await live(page);
    await page.getByRole('img', { name: 'Not saved yet' }).first().waitFor({ state: 'detached' });
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('callboard.kept')))).toEqual([]);
  });

  it('asks whose shall be, when somebody else changed the same meanwhile', async () => {
    const id = await stage.make({ title: 'BB Title' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    await page.context().setOffline(true);
    await page.locator('[data-signal=offline]').waitFor();
    await retitle(page, 'BB Mine');
    await page.getByText('1 edit waits.').waitFor();
    await stage.change(id, { title: 'BB Theirs' });
    await page.context().setOffline(false);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('BB Theirs').waitFor({ timeout: 20_000 });
    await dialog.getByText('BB Mine').waitFor();
    await dialog.getByRole('button', { name: 'Save these choices' }).click();
    await expect.poll(() => titleOf(id)).toBe('BB Mine');
  });
});
