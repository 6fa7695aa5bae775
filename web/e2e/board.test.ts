import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed, openAs } from './browser';
import type { Login } from './site';
import { setStage } from './stage';

type Status = 'draft' | 'pending' | 'approved' | 'rejected' | 'published' | 'archived';

describe.skipIf(!installed)('the board by status', () => {
  const stage = setStage();
  let page: Page;

  const statusOf = async (id: string) => (await stage.read(id))?.status;

  /** Opens the board of what has these words in its title. */
  async function openBoard(login: Login, words: string): Promise<void> {
    page = await stage.open(login, `/episodes?view=board&q=${encodeURIComponent(words)}`);
  }

  const column = (status: Status) => page.locator(`[data-column=${status}]`);
  const cardIn = (status: Status, id: string) => column(status).locator(`[data-movable="${id}"]`);

  it('moves a card by the mouse, at once, and takes it back', async () => {
    const id = await stage.make({ title: 'BA Dragged', status: 'pending', air_date: '2027-03-02' });
    const [earlier, later] = [await stage.make({ title: 'BA Earlier', status: 'published', air_date: '2027-03-01' }), await stage.make({ title: 'BA Later', status: 'published', air_date: '2027-03-03' })];
    await openBoard(stage.logins.ada, 'BA ');
    const from = await cardIn('pending', id).boundingBox();
    const to = await cardIn('published', later).boundingBox();
    if (!from || !to) {
      throw new Error('the cards are not there');
    }
    await page.mouse.move(from.x + 30, from.y + 40);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
    await page.mouse.move(to.x + 60, to.y + 120, { steps: 8 });
    await column('published').getByText('Everyone will be told.').waitFor();
    await page.mouse.up();
    await cardIn('published', id).waitFor();
    expect(await column('published').locator('[data-movable]').evaluateAll((cards) => cards.map((card) => card.getAttribute('data-movable')))).toEqual([earlier, id, later]); // where the sort has it
    await page.getByText('Everyone is told.').waitFor();
    await expect.poll(() => statusOf(id)).toBe('published');
    await page.keyboard.press('Control+z');
    await cardIn('pending', id).waitFor();
    await page.getByText('Undone').waitFor();
    await expect.poll(() => statusOf(id)).toBe('pending');
  });

  it('moves a card by keys alone, and says so', async () => {
    const id = await stage.make({ title: 'BB Carried', status: 'approved', air_date: '2027-03-02' });
    await openBoard(stage.logins.ada, 'BB ');
    await cardIn('approved', id).waitFor();
    await page.locator('[data-card][tabindex="0"]').focus();
    const said = page.locator('[role=status].vh');
    await page.keyboard.press('Space');
    await said.getByText('Picked up BB Carried, Approved, 1 of 1').waitFor();
    await page.keyboard.press('ArrowRight');
    await said.getByText('Rejected').waitFor();
    await page.keyboard.press('Escape');
    await said.getByText('BB Carried is back where it was').waitFor();
    expect(await statusOf(id)).toBe('approved');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await cardIn('pending', id).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-card'))).toBe(id);
    await expect.poll(() => statusOf(id)).toBe('pending');
    await page.keyboard.press('s');
    await page.getByRole('menuitemradio', { name: 'Draft' }).waitFor();
    await page.keyboard.press('1');
    await cardIn('draft', id).waitFor();
    await expect.poll(() => statusOf(id)).toBe('draft');
  });

  it('marks what somebody else changes, where it is, and moves nothing by itself', async () => {
    const [id, below] = [await stage.make({ title: 'BC First', status: 'pending', air_date: '2027-03-01' }), await stage.make({ title: 'BC Second', status: 'pending', air_date: '2027-03-02' })];
    const other = await openAs(stage.browser, stage.site, stage.logins.ben, `/episodes?view=board&q=${encodeURIComponent('BC ')}`);
    await openBoard(stage.logins.ada, 'BC ');
    await cardIn('pending', id).hover();
    const place = await cardIn('pending', below).boundingBox();
    await stage.change(id, { title: 'BC First, Renamed' });
    await cardIn('pending', id).locator('[data-mark]', { hasText: 'BC First, Renamed' }).waitFor();

    await other.page.locator(`[data-card="${below}"]`).focus();
    await other.page.keyboard.press('Space');
    await other.page.keyboard.press('ArrowRight');
    await other.page.keyboard.press('Space');
    await cardIn('pending', below).getByText('Ben Okafor approved this').waitFor();
    expect((await cardIn('pending', below).boundingBox())?.y).toBeGreaterThanOrEqual(place?.y ?? 0); // still there
    await page.getByRole('button', { name: '1 changed place' }).click();
    await cardIn('approved', below).waitFor();
    expect(await cardIn('pending', below).count()).toBe(0);
    await other.close();
  });

  it('puts back what somebody else has moved first, and says who', async () => {
    const id = await stage.make({ title: 'BD Contested', status: 'pending', air_date: '2027-03-01' });
    await openBoard(stage.logins.ada, 'BD ');
    await page.locator(`[data-card="${id}"]`).focus();
    await page.keyboard.press('Space');
    await stage.change(id, { status: 'rejected' });
    await cardIn('pending', id).getByText('Ben Okafor rejected this').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText('Ben Okafor moved it first').waitFor();
    await page.getByText(/BD Contested has been rejected since \d\d:\d\d:\d\d\. Your move was not made\./).waitFor();
    await cardIn('rejected', id).waitFor();
    expect(await statusOf(id)).toBe('rejected');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL(new RegExp(`/episodes/${id}`));
  });

  it('offers a viewer nothing that would be refused', async () => {
    const id = await stage.make({ title: 'BE Seen', status: 'pending', air_date: '2027-03-01' });
    await openBoard(stage.logins.tom, 'BE ');
    await cardIn('pending', id).waitFor();
    expect(await page.locator('[draggable=true]').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Set the status of BE Seen' }).count()).toBe(0);
    await page.locator(`[data-card="${id}"]`).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    expect(await statusOf(id)).toBe('pending');
  });

  it('folds columns, and keeps its address through views and a reload', async () => {
    await openBoard(stage.logins.ada, 'keeper');
    await page.getByRole('button', { name: 'Fold Draft' }).click();
    await page.reload();
    await page.getByRole('button', { name: /Draft/, expanded: false }).click();
    await page.getByRole('button', { name: 'Fold Draft' }).waitFor();
    await page.keyboard.press('v');
    await page.keyboard.press('t');
    await page.getByRole('grid').waitFor();
    expect(new URL(page.url()).search).toBe('?q=keeper');
    await page.keyboard.press('v');
    await page.keyboard.press('c');
    await page.getByRole('table').waitFor();
    expect(new URL(page.url()).search).toBe('?q=keeper&view=calendar');
    await page.goBack();
    await page.getByRole('grid').waitFor();
  });
});
