import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed } from './browser';
import type { Login } from './site';
import { setStage } from './stage';

describe.skipIf(!installed)('the calendar', () => {
  const stage = setStage();
  let page: Page;

  const dateOf = async (id: string) => (await stage.read(id))?.air_date;

  /** Opens March 2027 with what has these words in its title. */
  async function openMonth(login: Login, words: string): Promise<void> {
    page = await stage.open(login, `/episodes?view=calendar&month=2027-03&q=${encodeURIComponent(words)}`, { locale: 'en-GB' });
  }

  const day = (date: string) => page.locator(`[data-day="${date}"]`);
  const chipOn = (date: string, id: string) => day(date).locator(`[data-movable="${id}"]`);

  async function drag(id: string, to: string): Promise<void> {
    const [from, target] = await Promise.all([page.locator(`[data-movable="${id}"]`).boundingBox(), day(to).boundingBox()]);
    if (!from || !target) {
      throw new Error('nothing to drag, or nowhere to go');
    }
    await page.mouse.move(from.x + 20, from.y + 10);
    await page.mouse.down();
    await page.mouse.move(from.x + 40, from.y + 20, { steps: 4 });
    await page.mouse.move(target.x + target.width / 2, target.y + Math.min(target.height - 12, 300), { steps: 8 });
    await page.mouse.up();
  }

  it('says show and number of the two episodes of a day', async () => {
    const show = (await stage.ben.api.GET('/api/v1/shows')).data?.data[0]?.id ?? '';
    const ids = [await stage.make({ title: 'CZ One', air_date: '2027-03-02', show_id: show, season_number: 61 }), await stage.make({ title: 'CZ Two', air_date: '2027-03-02', show_id: show, season_number: 61 })];
    await openMonth(stage.logins.ada, 'CZ ');
    for (const [i, id] of ids.entries()) {
      await chipOn('2027-03-02', id).getByText(`S61 E${i + 1}`, { exact: true }).waitFor();
    }
    expect(await day('2027-03-02').evaluate((cell) => cell.scrollHeight - cell.clientHeight)).toBeLessThanOrEqual(0); // nothing is cut
  });

  it('moves an episode to another day by the mouse, away from all days, and back', async () => {
    const id = await stage.make({ title: 'CA Dragged', air_date: '2027-03-02' });
    await openMonth(stage.logins.ada, 'CA ');
    await chipOn('2027-03-02', id).waitFor();
    await drag(id, '2027-03-18');
    await chipOn('2027-03-18', id).waitFor();
    await page.getByText('CA Dragged airs on 18 Mar 2027').waitFor();
    await expect.poll(() => dateOf(id)).toBe('2027-03-18');
    await drag(id, '');
    await chipOn('', id).waitFor();
    await expect.poll(() => dateOf(id)).toBeNull();
    await drag(id, '2027-03-04');
    await chipOn('2027-03-04', id).waitFor();
    await page.getByText('CA Dragged airs on 4 Mar 2027').waitFor();
    await page.keyboard.press('Control+z');
    await chipOn('', id).waitFor();
  });

  it('moves an episode by keys alone, also out of the tray', async () => {
    const id = await stage.make({ title: 'CB Carried' });
    await openMonth(stage.logins.ada, 'CB ');
    await chipOn('', id).waitFor();
    await page.locator(`[data-chip="${id}"]`).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowRight'); // to the first of the month
    await page.keyboard.press('ArrowDown');
    await page.locator('[role=status].vh').getByText(/Monday,? 8 March 2027/).waitFor();
    await page.keyboard.press('Space');
    await chipOn('2027-03-08', id).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-chip'))).toBe(id);
    await expect.poll(() => dateOf(id)).toBe('2027-03-08');
    await page.keyboard.press('Space');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Space');
    await chipOn('', id).waitFor();
    await expect.poll(() => dateOf(id)).toBeNull();
  });

  it('leaves an episode that somebody else moves on its day until that is taken', async () => {
    const id = await stage.make({ title: 'CC Moved', air_date: '2027-03-10' });
    await openMonth(stage.logins.ada, 'CC ');
    await chipOn('2027-03-10', id).hover();
    const place = await chipOn('2027-03-10', id).boundingBox();
    await stage.change(id, { air_date: '2027-03-12' });
    await chipOn('2027-03-10', id).locator('[data-mark]').waitFor();
    expect(await chipOn('2027-03-10', id).boundingBox()).toEqual(place);
    await page.getByRole('button', { name: '1 changed place' }).click();
    await chipOn('2027-03-12', id).waitFor();
    await chipOn('2027-03-12', id).hover();
    const other = await stage.make({ title: 'CC Another', air_date: '2027-03-12' });
    await page.getByRole('button', { name: '1 new' }).click();
    await chipOn('2027-03-12', other).waitFor();
  });

  it('puts back what somebody else has moved first, and says who', async () => {
    const id = await stage.make({ title: 'CD Contested', air_date: '2027-03-10' });
    await openMonth(stage.logins.ada, 'CD ');
    await page.locator(`[data-chip="${id}"]`).focus();
    await page.keyboard.press('Space');
    await stage.change(id, { air_date: '2027-03-12' });
    await chipOn('2027-03-10', id).locator('[data-mark]').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.getByText('Ben Okafor moved it first').waitFor();
    await page.getByText(/The air date of CD Contested has been 12 Mar 2027 since \d\d:\d\d:\d\d\. Your move was not made\./).waitFor();
    await chipOn('2027-03-12', id).waitFor();
    expect(await dateOf(id)).toBe('2027-03-12');
  });

  it('counts what a day has no room for, and opens the day', async () => {
    for (const title of ['CE One', 'CE Two', 'CE Three', 'CE Four', 'CE Five']) {
      await stage.make({ title, air_date: '2027-03-17' });
    }
    await openMonth(stage.logins.tom, 'CE ');
    await page.getByRole('button', { name: /2 more on Wednesday,? 17 March 2027/ }).click();
    const dialog = page.getByRole('dialog', { name: /Wednesday,? 17 March 2027/ });
    await dialog.getByText('CE Five').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.locator('[draggable=true]').count()).toBe(0); // a viewer's
  });

  it('goes through the months by keys, with the month in the address', async () => {
    await openMonth(stage.logins.ada, 'CF ');
    await page.getByText('Nothing airs in March 2027.').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/month=2027-04/);
    await page.reload();
    await page.getByRole('heading', { name: 'April 2027' }).waitFor();
    await page.getByRole('table').waitFor();
    await page.keyboard.press('t');
    await page.waitForURL((url) => !url.searchParams.has('month'));
    expect(new URL(page.url()).searchParams.get('view')).toBe('calendar');
  });
});
