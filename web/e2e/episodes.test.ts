import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed, rowOf } from './browser';
import type { Login } from './site';
import { setStage } from './stage';

describe.skipIf(!installed)('the list of episodes', () => {
  const stage = setStage();
  let page: Page;
  let show: string;

  beforeAll(async () => {
    const { data } = await stage.ben.api.GET('/api/v1/shows');
    show = data?.data[0]?.id ?? '';
  });

  /** Opens the list of what has these words in its title: what a test has made is in view. */
  async function openList(login: Login, words: string): Promise<void> {
    page = await stage.open(login, `/episodes?q=${encodeURIComponent(words)}`);
  }

  let season = 10;

  /** Makes a season of its own, of episodes with these titles. */
  async function seasonOf(...titles: string[]): Promise<string[]> {
    season++;
    const ids: string[] = [];
    for (const title of titles) {
      ids.push(await stage.make({ show_id: show, season_number: season, title }));
    }
    return ids;
  }

  const titleCell = (id: string) => page.locator(`[data-row="${id}"] [data-cell$=title]`);

  const titleOf = async (id: string) => (await stage.read(id))?.title;

  it('marks what somebody else changes, where it is, and says who', async () => {
    const [first, second] = await seasonOf('QA First', 'QA Second') as [string, string];
    await openList(stage.logins.ada, 'QA ');
    await titleCell(second).waitFor();
    const box = await titleCell(second).boundingBox();
    await stage.change(second, { title: 'QA Second, Changed', status: 'approved' });
    const row = page.locator(`[data-row="${second}"]`);
    await row.locator('[data-mark]', { hasText: 'QA Second, Changed' }).waitFor();
    await row.locator('[data-mark]', { hasText: 'Approved' }).waitFor();
    await row.getByRole('img', { name: 'Ben Okafor' }).waitFor();
    expect(await titleCell(second).boundingBox()).toEqual(box);
    expect(await page.locator(`[data-row="${first}"] [data-mark]`).count()).toBe(0);
    await row.locator('[data-mark]').first().waitFor({ state: 'detached', timeout: 10_000 });
    await row.getByRole('img', { name: 'Ben Okafor' }).waitFor({ state: 'detached' });
  });

  it('lets new rows and rows that move wait until one asks for them', async () => {
    const [second] = await seasonOf('QB Second') as [string];
    await openList(stage.logins.ada, 'QB ');
    await titleCell(second).click(); // the cursor is in the list: nothing comes by itself
    await stage.ben.api.POST('/api/v1/episodes', { body: { show_id: show, season_number: season, episode_number: 0, title: 'QB First' } });
    const pill = page.getByRole('button', { name: '1 new' });
    await pill.waitFor();
    expect(await rowOf(page, 'QB First').count()).toBe(0);
    await page.keyboard.press('.');
    await rowOf(page, 'QB First').waitFor();
    await pill.waitFor({ state: 'detached' });
    await stage.change(second, { title: 'No longer in this list' });
    await rowOf(page, 'No longer in this list').waitFor();
    await page.getByRole('button', { name: '1 gone' }).click();
    await rowOf(page, 'No longer in this list').waitFor({ state: 'detached' });
  });

  it('keeps the row of what somebody has deleted, and can bring it back', async () => {
    const [id] = await seasonOf('QC Deleted') as [string];
    await openList(stage.logins.ada, 'QC ');
    await titleCell(id).click();
    await stage.ben.api.DELETE('/api/v1/episodes/{id}', { params: { path: { id } } });
    const row = page.locator(`[data-row="${id}"]`);
    await row.getByText('Ben Okafor deleted this.').waitFor();
    await row.getByRole('button', { name: 'Restore' }).click();
    await row.getByText('deleted this').waitFor({ state: 'detached' });
    expect(await titleOf(id)).toBe('QC Deleted');
  });

  it('shows an edit at once, and saves it', async () => {
    const [id, next] = await seasonOf('QD Edited', 'QD Next') as [string, string];
    await openList(stage.logins.ada, 'QD ');
    await titleCell(id).click();
    await titleCell(id).click();
    const input = page.getByLabel('Title of QD Edited');
    await input.fill('');
    await page.keyboard.press('Enter');
    await page.getByText('The title must not be empty.').waitFor();
    await input.fill('QD Edited Twice');
    let shown!: () => void;
    const isShown = new Promise<void>((resolve) => (shown = resolve));
    await page.route(`**/api/v1/episodes/${id}`, (route) => isShown.then(() => route.continue())); // it is there before the server has it
    await page.keyboard.press('Enter');
    await rowOf(page, 'QD Edited Twice').waitFor();
    shown();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe(`${next} title`);
    await expect.poll(() => titleOf(id)).toBe('QD Edited Twice');
    expect(await page.locator(`[data-row="${id}"] [data-mark]`).count()).toBe(0); // one's own
  });

  it('brings back what was typed when the server refuses it, with its words', async () => {
    const [id] = await seasonOf('QE Refused') as [string];
    await openList(stage.logins.ada, 'QE ');
    await titleCell(id).click();
    await page.keyboard.press('F2');
    await page.getByLabel('Title of QE Refused').fill('\u200b'); // nothing that can be seen, which the server does not take
    await page.keyboard.press('Enter');
    await page.locator(`[data-row="${id}"] [data-note]`, { hasText: 'Title' }).waitFor();
    expect(await page.getByLabel('Title of QE Refused').inputValue()).toBe('\u200b');
    await page.keyboard.press('Escape');
    await rowOf(page, 'QE Refused').waitFor();
  });

  it('never writes into what I am typing, and asks whose shall be', async () => {
    const [id] = await seasonOf('QF Title') as [string];
    await openList(stage.logins.ada, 'QF ');
    await titleCell(id).click();
    await page.keyboard.press('F2');
    await page.getByLabel('Title of QF Title').fill('QF Mine');
    await stage.change(id, { title: 'QF Theirs' });
    await page.getByText('Ben Okafor changed this to “QF Theirs”.').waitFor();
    expect(await page.getByLabel('Title of QF Title').inputValue()).toBe('QF Mine');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await rowOf(page, 'QF Mine').waitFor();
    await expect.poll(() => titleOf(id)).toBe('QF Mine');

    await titleCell(id).click();
    await page.keyboard.press('F2');
    await page.getByLabel('Title of QF Mine').fill('QF Mine Again');
    await stage.change(id, { title: 'QF Theirs Again' });
    await page.getByText('Ben Okafor changed this to “QF Theirs Again”.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take theirs' }).click();
    await rowOf(page, 'QF Theirs Again').waitFor();
  });

  it('saves beside a change of another field', async () => {
    const [id] = await seasonOf('QG Title') as [string];
    await openList(stage.logins.ada, 'QG ');
    await titleCell(id).click();
    await page.keyboard.press('F2');
    await page.getByLabel('Title of QG Title').fill('QG Beside');
    await stage.change(id, { status: 'pending' });
    await page.locator(`[data-row="${id}"]`, { hasText: 'Pending' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => titleOf(id)).toBe('QG Beside');
    await page.locator(`[data-row="${id}"]`, { hasText: 'Pending' }).waitFor();
  });

  it('is reached by keys alone', async () => {
    const [id, next] = await seasonOf('QH First', 'QH Second') as [string, string];
    await openList(stage.logins.ada, 'QH ');
    await titleCell(id).waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Find a title');
    const at = () => page.evaluate(() => document.activeElement?.getAttribute('data-cell'));
    await page.locator('[data-cell][tabindex="0"]').focus(); // the one stop of Tab
    expect(await page.locator('[data-list] [tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('j');
    await expect.poll(at).toBe(`${id} title`);
    await page.keyboard.press('ArrowRight');
    await expect.poll(at).toBe(`${id} status`);
    await page.keyboard.press('s');
    await page.getByRole('menuitemradio', { name: 'Approved' }).waitFor();
    await page.keyboard.press('3');
    await page.locator(`[data-row="${id}"]`, { hasText: 'Approved' }).waitFor();
    await expect.poll(at).toBe(`${id} status`);
    await page.keyboard.press('ArrowDown');
    await expect.poll(at).toBe(`${next} status`);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft'); // folds the group
    await page.locator(`[data-row="${id}"]`).waitFor({ state: 'detached' });
    await page.locator('[data-list] :focus').first().waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator(`[data-row="${id}"]`).waitFor();
  });

  it('changes and deletes many at once, and takes that back', async () => {
    const [first, second, third] = await seasonOf('QM First', 'QM Second', 'QM Third') as [string, string, string];
    await openList(stage.logins.ada, 'QM ');
    const bar = page.getByRole('toolbar');
    const row = (id: string) => page.locator(`[data-row="${id}"]`);
    await titleCell(first).click();
    await page.keyboard.press('x');
    await bar.getByText('1 selected').waitFor();
    await row(third).getByRole('checkbox').click({ modifiers: ['Shift'] });
    await bar.getByText('3 selected').waitFor();
    await bar.getByRole('button', { name: 'Set status' }).click();
    await page.getByRole('menuitem', { name: 'Pending' }).waitFor();
    await page.keyboard.press('2');
    await page.getByText('3 episodes set to pending').waitFor();
    await bar.waitFor({ state: 'detached' });
    await row(second).getByText('Pending').waitFor();
    await page.keyboard.press('Control+z');
    await row(second).getByText('Draft').waitFor();
    await page.keyboard.press('Control+a');
    await bar.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted 3 episodes').waitFor();
    await row(second).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await row(second).waitFor();
    expect(await titleOf(second)).toBe('QM Second');
  });

  it('has its filters, order and columns in the address', async () => {
    page = await stage.open(stage.logins.ada, '/episodes');
    await page.getByRole('button', { name: /Status/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Rejected' }).click();
    await page.keyboard.press('Escape');
    await page.waitForURL(/status=rejected/);
    await expect.poll(() => page.locator('[data-row]').count()).toBe(2);
    await page.goBack();
    await expect.poll(() => page.locator('[data-row]').count()).toBeGreaterThan(5);
    await page.getByRole('columnheader', { name: 'Title' }).getByRole('button').click();
    await page.waitForURL(/sort=title/);
    await page.getByRole('columnheader', { name: 'Show' }).waitFor(); // no groups: each row says its show
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('switch', { name: 'Categories' }).click();
    await page.getByRole('columnheader', { name: 'Categories' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
    expect(await page.getByRole('columnheader', { name: 'Categories' }).count()).toBe(0);
    await page.getByLabel('Find a title').fill('no such title');
    await page.getByText('No title has “no such title” in it').waitFor();
    for (const view of ['table', 'board', 'calendar']) {
      await page.goto(`${stage.site.url}/episodes?show=nonsense${view === 'table' ? '' : `&view=${view}`}`);
      await page.getByRole('button', { name: 'Clear the filters' }).click(); // of an address that the server cannot read
      await page.waitForURL((url) => !url.searchParams.has('show'));
      await page.getByText('The Lamp Room').first().waitFor();
    }
  });

  it('lets viewers look', async () => {
    const [id] = await seasonOf('QI Looked At') as [string];
    await openList(stage.logins.tom, 'QI ');
    await titleCell(id).click();
    await titleCell(id).click();
    await page.keyboard.press('F2');
    await page.keyboard.press('s');
    expect(await page.locator('[data-list] input').count()).toBe(0);
    expect(await page.getByRole('menu').count()).toBe(0);
  });

  it('says what the connection is, and catches up on what it missed', async () => {
    const [id] = await seasonOf('QJ Before') as [string];
    await openList(stage.logins.ada, 'QJ ');
    await titleCell(id).waitFor();
    await stage.site.kill();
    await page.locator('[data-signal=reconnecting]').waitFor();
    await page.getByText('The server went away.').waitFor();
    await page.locator('[data-signal=offline]').waitFor({ timeout: 15_000 });
    await page.getByText(/^Offline since \d\d:\d\d\.$/).waitFor();
    await page.getByText('Who is in: unknown').waitFor();
    await stage.site.up();
    await stage.change(id, { title: 'QJ Meanwhile' });
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('[data-signal=live]').waitFor();
    await rowOf(page, 'QJ Meanwhile').waitFor();
  });
});
