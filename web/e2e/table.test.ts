import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, installed, rowOf } from './browser';
import type { Login } from './site';
import { setStage } from './stage';

describe.skipIf(!installed)('the table and the columns of episodes', () => {
  const stage = setStage();
  let page: Page;

  /** Opens the list of what has these words in its title, by title: the rows are in that order. */
  async function openTable(login: Login, words: string, more = ''): Promise<void> {
    page = await stage.open(login, `/episodes?q=${encodeURIComponent(words)}&sort=title${more}`);
    await page.locator('[data-row]').first().waitFor();
  }

  const row = (id: string) => page.locator(`[data-row="${id}"]`);
  const cell = (id: string, column: string) => row(id).locator(`[data-cell$=${column}]`);
  const toast = (words: string | RegExp) => page.getByLabel('What just happened').getByText(words);

  it('takes back what was typed into a cell, unless somebody has changed it since', async () => {
    const id = await stage.make({ title: 'TA Before' });
    await openTable(stage.logins.ada, 'TA ');
    const rename = async (to: string): Promise<void> => {
      await cell(id, 'title').focus();
      await page.keyboard.press('F2');
      await page.locator('[data-list] input:not([type=checkbox])').fill(to);
      await page.keyboard.press('Enter');
      await toast(`Title is now ${to}`).waitFor();
    };
    await rename('TA First');
    await cell(id, 'status').focus();
    await page.keyboard.press('s');
    await page.getByRole('menuitemradio', { name: 'Approved' }).waitFor();
    await page.keyboard.press('3');
    await toast('Status is now Approved').waitFor();
    await page.keyboard.press('Control+z');
    await row(id).getByText('Draft').waitFor();
    await page.keyboard.press('Control+z'); // from a version that is long gone, but of a field that is as it was left
    await rowOf(page, 'TA Before').waitFor();
    await expect.poll(async () => (await stage.read(id))?.title).toBe('TA Before');

    await rename('TA Mine');
    await stage.change(id, { title: 'TA Theirs' });
    await rowOf(page, 'TA Theirs').waitFor();
    await page.keyboard.press('Control+z');
    await toast('Not undone').waitFor();
    await toast('Ben Okafor changed it since.').waitFor();
    expect((await stage.read(id))?.title).toBe('TA Theirs');
  });

  it('takes back what was typed on the page of an episode, unless somebody has changed it since', async () => {
    const id = await stage.make({ title: 'TB Sheet', air_date: '2027-03-01' });
    page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    const setDay = async (typed: string): Promise<void> => {
      await page.locator('[data-cell=air_date]').click();
      await page.getByLabel('Air date', { exact: true }).fill(typed);
      await page.keyboard.press('Enter');
    };
    await setDay('2027-03-08');
    await toast('Air date is now 8 Mar 2027').waitFor();
    await page.keyboard.press('Control+z');
    await toast('Undone').waitFor();
    expect((await stage.read(id))?.air_date).toBe('2027-03-01');
    await setDay('2027-03-09');
    await toast('Air date is now 9 Mar 2027').waitFor();
    await stage.change(id, { air_date: '2027-04-01' });
    await page.locator('[data-cell=air_date]').getByText('1 Apr 2027').waitFor();
    await page.keyboard.press('Control+z');
    await toast('Ben Okafor changed it since.').waitFor();
    expect((await stage.read(id))?.air_date).toBe('2027-04-01');
  });

  it('undoes one by one what was done to many', async () => {
    const ids = [await stage.make({ title: 'TC First' }), await stage.make({ title: 'TC Second' })] as const;
    await openTable(stage.logins.ada, 'TC ');
    for (const [key, status] of [['2', 'pending'], ['3', 'approved']] as const) {
      await cell(ids[0], 'title').focus();
      await page.keyboard.press('Control+a');
      await page.getByRole('toolbar').getByRole('button', { name: 'Set status' }).click();
      await page.getByRole('menuitem', { name: 'Pending' }).waitFor();
      await page.keyboard.press(key);
      await toast(`2 episodes set to ${status}`).waitFor();
    }
    await page.keyboard.press('Control+z');
    await row(ids[1]).getByText('Pending').waitFor();
    await page.keyboard.press('Control+z');
    await row(ids[1]).getByText('Draft').waitFor();
    await toast('Undone').first().waitFor();
    expect((await stage.read(ids[0]))?.status).toBe('draft');
  });

  it('has its columns shown, hidden and moved, by the mouse and by keys', async () => {
    await stage.make({ title: 'TD Columns' });
    await openTable(stage.logins.ada, 'TD ');
    const heads = async () => (await page.getByRole('columnheader').allInnerTexts()).map((words) => words.trim()).filter(Boolean);
    expect(await heads()).toEqual(['No.', 'Title', 'Show', 'Status', 'Air date', 'Categories', 'Looking', 'Changed']);
    await page.getByRole('button', { name: 'Columns' }).click();
    const panel = page.getByRole('dialog', { name: 'Columns' });
    await panel.getByRole('switch', { name: 'Looking' }).click();
    await panel.getByRole('switch', { name: 'Version' }).click();
    await expect.poll(heads).toEqual(['No.', 'Title', 'Show', 'Status', 'Air date', 'Categories', 'Changed', 'Version']);
    await panel.getByRole('button', { name: 'Move Status' }).focus();
    await page.keyboard.press('ArrowUp');
    await panel.getByText('Status, 3 of 10').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowUp');
    await expect.poll(heads).toEqual(['No.', 'Status', 'Title', 'Show', 'Air date', 'Categories', 'Changed', 'Version']);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move Status');
    await panel.getByRole('button', { name: 'Move Version' }).dragTo(panel.getByText('Number'));
    await expect.poll(heads).toEqual(['Version', 'No.', 'Status', 'Title', 'Show', 'Air date', 'Categories', 'Changed']);
    await panel.getByRole('button', { name: 'Compact' }).click();
    await expectAccessible(page, '[role=dialog]');
    await page.reload(); // the address has it
    await page.locator('[data-row]').first().waitFor();
    expect(await heads()).toEqual(['Version', 'No.', 'Status', 'Title', 'Show', 'Air date', 'Categories', 'Changed']);
    expect((await page.locator('[data-row]').boundingBox())?.height).toBe(32);
    await page.getByRole('button', { name: 'Columns' }).click();
    await panel.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(heads).toEqual(['No.', 'Title', 'Show', 'Status', 'Air date', 'Categories', 'Looking', 'Changed']);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.has('cols')).toBe(false);
  });

  it('makes a new episode in a column of the board', async () => {
    page = await stage.open(stage.logins.ada, `/episodes?view=board&q=${encodeURIComponent('TE ')}`);
    await page.getByRole('button', { name: 'New episode in Pending' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('TE New');
    await page.keyboard.press('Enter');
    await page.locator('[data-column=pending]').getByText('TE New').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('offers viewers none of it', async () => {
    const id = await stage.make({ title: 'TF Looked At' });
    page = await stage.open(stage.logins.tom, `/episodes?view=board&q=${encodeURIComponent('TF ')}`);
    await page.locator(`[data-movable="${id}"]`).waitFor();
    expect(await page.getByRole('button', { name: /^New episode/ }).count()).toBe(0);
  });
});
