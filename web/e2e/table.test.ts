import { describe, expect, it } from 'vitest';
import type { Page, Route } from 'playwright-core';

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

  /** A menu has the keys once the focus is in it, which is after it is seen. */
  const menuHasKeys = () => expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=menu]') != null)).toBe(true);

  it('takes back what was typed into a cell, unless somebody has changed it since', async () => {
    const id = await stage.make({ title: 'ZA Before' });
    await openTable(stage.logins.ada, 'ZA ');
    const rename = async (to: string): Promise<void> => {
      await cell(id, 'title').focus();
      await page.keyboard.press('F2');
      await page.locator('[data-list] input:not([type=checkbox])').fill(to);
      await page.keyboard.press('Enter');
      await toast(`Title set to ${to}`).waitFor();
    };
    await rename('ZA First');
    await cell(id, 'status').focus();
    await page.keyboard.press('s');
    await menuHasKeys();
    await page.keyboard.press('3');
    await toast('Status set to Approved').waitFor();
    await page.keyboard.press('Control+z');
    await row(id).getByText('Draft').waitFor();
    await page.keyboard.press('Control+z'); // from a version that is long gone, but of a field that is as it was left
    await rowOf(page, 'ZA Before').waitFor();
    await expect.poll(async () => (await stage.read(id))?.title).toBe('ZA Before');

    await rename('ZA Mine');
    await stage.change(id, { title: 'ZA Theirs' });
    await rowOf(page, 'ZA Theirs').waitFor();
    await page.keyboard.press('Control+z');
    await toast('Not undone').waitFor();
    await toast('Ben Okafor changed it since.').waitFor();
    expect((await stage.read(id))?.title).toBe('ZA Theirs');
  });

  it('takes back what was typed on the page of an episode, unless somebody has changed it since', async () => {
    const id = await stage.make({ title: 'ZB Sheet', air_date: '2027-03-01' });
    page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    const setDay = async (typed: string): Promise<void> => {
      await page.locator('[data-cell=air_date]').click();
      await page.getByLabel('Air date', { exact: true }).fill(typed);
      await page.keyboard.press('Enter');
    };
    await setDay('2027-03-08');
    await toast('Air date set to 8 Mar 2027').waitFor();
    await page.keyboard.press('Control+z');
    await toast('Undone').waitFor();
    expect((await stage.read(id))?.air_date).toBe('2027-03-01');
    await setDay('2027-03-09');
    await toast('Air date set to 9 Mar 2027').waitFor();
    await stage.change(id, { air_date: '2027-04-01' });
    await page.locator('[data-cell=air_date]').getByText('1 Apr 2027').waitFor();
    await page.keyboard.press('Control+z');
    await toast('Ben Okafor changed it since.').waitFor();
    expect((await stage.read(id))?.air_date).toBe('2027-04-01');
  });

  it('has dates, numbers and categories written where they stand', async () => {
    const [id, next] = [await stage.make({ title: 'ZL One', season_number: 50 }), await stage.make({ title: 'ZL Two' })] as const;
    await openTable(stage.logins.ada, 'ZL ');
    await cell(id, 'title').focus();
    await page.keyboard.press('d');
    const input = page.locator('[data-list] input:not([type=checkbox])');
    await input.fill('no day');
    await page.keyboard.press('Enter');
    await page.getByText('That is not a date.').waitFor();
    await input.fill('2027-03-05');
    await page.locator('[data-note]').getByText(/^Friday,? 5 March 2027$/).waitFor();
    await page.keyboard.press('Enter');
    await row(id).getByText('5 Mar 2027').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe(`${next} air_date`);
    await cell(id, 'number').focus();
    await page.keyboard.press('Enter');
    expect(await input.inputValue()).toBe('S50');
    await input.fill('S51 E7');
    await page.keyboard.press('Tab');
    await toast('Season and episode saved').waitFor();
    await cell(id, 'categories').click(); // of the row with the cursor
    await input.fill('Drama, Sea');
    await page.keyboard.press('Enter');
    await toast('Categories set to Drama and Sea').waitFor();
    expect(await stage.read(id)).toMatchObject({ air_date: '2027-03-05', season_number: 51, episode_number: 7, categories: ['Drama', 'Sea'] });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await row(id).getByText('S50').waitFor();
    await toast('Undone').first().waitFor();
    await expect.poll(async () => (await stage.read(id))?.categories).toEqual([]);
  });

  it('shows which cell has the focus, and takes a date from its first digit on', async () => {
    const id = await stage.make({ title: 'ZM Typed' });
    await openTable(stage.logins.ada, 'ZM ');
    await cell(id, 'air_date').click();
    expect(await cell(id, 'air_date').evaluate((one) => getComputedStyle(one).outlineStyle)).toBe('solid');
    await page.keyboard.type('4/5/2027');
    const input = page.locator('[data-list] input:not([type=checkbox])');
    expect(await input.inputValue()).toBe('4/5/2027'); // and no "/" has led to the search
    await page.locator('[data-note]').getByText(/4 May 2027$/).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await stage.read(id))?.air_date).toBe('2027-05-04');
    await cell(id, 'categories').focus();
    await page.keyboard.press('F2');
    await input.fill('Sea');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await stage.read(id))?.categories).toEqual(['Sea']);
    await cell(id, 'air_date').focus();
    await page.keyboard.press('/'); // no cell is open
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search');
  });

  it('undoes one by one what was done to many', async () => {
    const ids = [await stage.make({ title: 'ZC First' }), await stage.make({ title: 'ZC Second' })] as const;
    await openTable(stage.logins.ada, 'ZC ');
    for (const [key, status] of [['2', 'pending'], ['3', 'approved']] as const) {
      await cell(ids[0], 'title').focus();
      await page.keyboard.press('Control+a');
      await page.getByRole('toolbar').getByRole('button', { name: 'Set status' }).click();
      await menuHasKeys();
      await page.keyboard.press(key);
      await toast(`2 episodes set to ${status}`).waitFor();
    }
    await page.keyboard.press('Control+z');
    await row(ids[1]).getByText('Pending').waitFor();
    await page.keyboard.press('Control+z');
    await row(ids[1]).getByText('Draft').waitFor();
    await expect.poll(async () => (await stage.read(ids[0]))?.status).toBe('draft');
    expect(await toast('Not undone').count()).toBe(0);
  });

  it('has its columns shown, hidden and moved, by the mouse and by keys', async () => {
    await stage.make({ title: 'ZD Columns' });
    await openTable(stage.logins.ada, 'ZD ');
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

  /** Puts something on the clipboard of the page and presses the keys that paste, without the clipboard of the machine, which tests share. */
  const paste = (words: string): Promise<void> =>
    page.evaluate((copied) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', copied);
      (document.activeElement ?? document.body).dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, words);

  const copy = (): Promise<string> =>
    page.evaluate(() => {
      const clipboardData = new DataTransfer();
      (document.activeElement ?? document.body).dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
      return clipboardData.getData('text/plain');
    });

  const dialog = () => page.getByRole('dialog', { name: /^Paste into/ });

  it('shows what pasting would change, changes it, and takes all of it back at once', async () => {
    const ids = [await stage.make({ title: 'ZG First', air_date: '2027-03-01' }), await stage.make({ title: 'ZG Second' }), await stage.make({ title: 'ZG Third' })] as const;
    await openTable(stage.logins.ada, 'ZG ', '&cols=title,status,air_date');
    await cell(ids[0], 'title').focus();
    await paste('ZG First\tApproved\t2027-03-08\r\nZG "Two"\tPending\t4/5/2027\r\n"ZG\nThree"\tdone\t\r\nbeyond\r\n');
    await dialog().getByText('Paste into 3 episodes').waitFor();
    await dialog().getByText('3 cells left out:').waitFor();
    await dialog().getByText('That may be 4 May 2027 or 5 Apr 2027. Write it as 2027-05-04.').waitFor();
    await dialog().getByText('2 cells have this value already. 1 line has no row here and is left out.').waitFor();
    expect(await dialog().locator('ins').allInnerTexts()).toEqual(['Approved', '8 Mar 2027', 'ZG "Two"', 'Pending']);
    expect(await dialog().locator('del').allInnerTexts()).toEqual(['Draft', '1 Mar 2027', 'ZG Second', 'Draft']);
    await expectAccessible(page, 'dialog');
    await dialog().getByRole('button', { name: 'Change 4 cells' }).click();
    await toast('Changed 2 episodes').waitFor();
    await rowOf(page, 'ZG "Two"').getByText('Pending').waitFor();
    expect(await stage.read(ids[0])).toMatchObject({ title: 'ZG First', status: 'approved', air_date: '2027-03-08' });
    expect(await stage.read(ids[2])).toMatchObject({ title: 'ZG Third', status: 'draft', version: 1 });
    await page.keyboard.press('Control+z');
    await rowOf(page, 'ZG Second').getByText('Draft').waitFor();
    await toast('Undone').waitFor();
    expect(await stage.read(ids[0])).toMatchObject({ status: 'draft', air_date: '2027-03-01' });
  });

  it('copies the selected rows, and takes them back from a spreadsheet', async () => {
    const ids = [await stage.make({ title: '=ZH One', season_number: 40 }), await stage.make({ title: 'ZH Two', season_number: 41, air_date: '2027-03-01' })] as const;
    await openTable(stage.logins.ada, 'ZH ', '&cols=number,title,status,air_date');
    await cell(ids[0], 'air_date').focus();
    await page.keyboard.press('Control+a');
    const copied = "Number\tTitle\tStatus\tAir date\nS40\t'=ZH One\tDraft\t\nS41\tZH Two\tDraft\t2027-03-01";
    await expect.poll(copy).toBe(copied);
    await paste(copied);
    await dialog().getByRole('button', { name: 'Nothing changes' }).waitFor();
    await page.keyboard.press('Escape');
    await paste(copied.replace('S41', 'S42').replace('Number', 'Description').replace('S40', '"Two lines,\nof ""words"""')); // other columns of the spreadsheet
    await dialog().getByText('Two lines,').waitFor();
    await dialog().getByRole('button', { name: 'Change 2 cells' }).click();
    await expect.poll(async () => (await stage.read(ids[0]))?.description).toBe('Two lines,\nof "words"');
    await page.keyboard.press('Escape'); // none is selected: the cell of the cursor
    await expect.poll(async () => { // a dialog gives the focus back once it has closed
      await cell(ids[1], 'air_date').focus();
      return copy();
    }).toBe('2027-03-01');
  });

  it('pastes one value into all selected rows, in the column that one chooses', async () => {
    const ids = [await stage.make({ title: 'ZI One' }), await stage.make({ title: 'ZI Two', status: 'pending' })] as const;
    await openTable(stage.logins.ada, 'ZI ');
    await row(ids[0]).getByRole('checkbox').click();
    await row(ids[1]).getByRole('checkbox').click();
    await paste('Pending');
    await dialog().getByLabel('Begin in column').selectOption('Status');
    expect(await dialog().locator('ins').allInnerTexts()).toEqual(['Pending']);
    await dialog().getByRole('button', { name: 'Change 1 cell' }).click();
    await toast('Changed ZI One').waitFor();
    await expect.poll(async () => (await stage.read(ids[0]))?.status).toBe('pending');
  });

  it('shows what others change while the dialog is open, and overwrites nothing that was not seen', async () => {
    const ids = [await stage.make({ title: 'ZJ One' }), await stage.make({ title: 'ZJ Two' })] as const;
    await openTable(stage.logins.ada, 'ZJ ');
    await cell(ids[0], 'title').focus();
    await paste('ZJ Mine');
    await dialog().waitFor();
    await stage.change(ids[0], { title: 'ZJ Theirs' });
    await dialog().locator('del [data-mark]', { hasText: 'ZJ Theirs' }).waitFor();
    const between = async (route: Route): Promise<void> => {
      await stage.change(ids[0], { title: 'ZJ Theirs Again' }); // after the last look, and before the write
      await route.continue();
    };
    await page.route('**/api/v1/episodes/bulk', between, { times: 1 });
    await dialog().getByRole('button', { name: 'Change 1 cell' }).click();
    await page.getByRole('dialog').getByText('was changed by Ben Okafor meanwhile').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect((await stage.read(ids[0]))?.title).toBe('ZJ Theirs Again');
  });

  it('moves numbers on, whichever is pasted first', async () => {
    const { data } = await stage.ben.api.GET('/api/v1/shows');
    const show = data?.data[0]?.id ?? '';
    const ids: string[] = [];
    for (const title of ['ZK One', 'ZK Two', 'ZK Three']) {
      ids.push(await stage.make({ title, show_id: show, season_number: 77 }));
    }
    page = await stage.open(stage.logins.ada, `/episodes?q=${encodeURIComponent('ZK ')}`);
    await cell(ids[0] ?? '', 'number').focus();
    await paste('S77 E2\nS77 E3\nS77 E4');
    await dialog().getByRole('button', { name: 'Change 3 cells' }).click();
    await toast('Changed 3 episodes').waitFor();
    expect((await Promise.all(ids.map((id) => stage.read(id)))).map((one) => one?.episode_number)).toEqual([2, 3, 4]);
    await page.keyboard.press('Control+z');
    await toast('Undone').waitFor();
    expect((await Promise.all(ids.map((id) => stage.read(id)))).map((one) => one?.episode_number)).toEqual([1, 2, 3]);
  });

  it('makes a new episode in a column of the board', async () => {
    page = await stage.open(stage.logins.ada, `/episodes?view=board&q=${encodeURIComponent('ZE ')}`);
    await page.getByRole('button', { name: 'New episode in Pending' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('ZE New');
    await page.keyboard.press('Enter');
    await page.locator('[data-column=pending]').getByText('ZE New').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('offers viewers none of it', async () => {
    const id = await stage.make({ title: 'ZF Looked At' });
    page = await stage.open(stage.logins.tom, `/episodes?view=board&q=${encodeURIComponent('ZF ')}`);
    await page.locator(`[data-movable="${id}"]`).waitFor();
    expect(await page.getByRole('button', { name: /^New episode/ }).count()).toBe(0);
    await page.goto(`${stage.site.url}/episodes?q=${encodeURIComponent('ZF ')}`);
    await cell(id, 'title').focus();
    expect(await copy()).toBe('ZF Looked At');
    await paste('Pasted');
    await toast('Copied').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});
