import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, installed, phone, rowOf } from './browser';
import { setStage } from './stage';

describe.skipIf(!installed)('saved views', () => {
  const stage = setStage();
  const side = (page: Page) => page.getByRole('navigation', { name: 'Main' });
  const entry = (page: Page, name: string) => side(page).locator('[data-view]').filter({ has: page.getByText(name, { exact: true }) });

  async function pin(page: Page, name: string, everybody = false): Promise<void> {
    await page.getByRole('button', { name: 'Pin this view' }).waitFor();
    await page.keyboard.press('p');
    const dialog = page.getByRole('dialog', { name: 'Pin this view' });
    await dialog.getByLabel('Name').fill(name);
    if (everybody) {
      await dialog.getByLabel('Pin for everyone').check();
    }
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await entry(page, name).waitFor();
  }

  it('are pinned, say when they were edited, and are replaced and unpinned, with undo', async () => {
    const page = await stage.open(stage.logins.ben, '/episodes?status=pending');
    const other = await stage.open(stage.logins.ben, '/inbox');
    await page.keyboard.press('p');
    const dialog = page.getByRole('dialog', { name: 'Pin this view' });
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Pending');
    await expectAccessible(page, 'dialog');
    await dialog.getByLabel('Name').fill('Waiting for a yes');
    await dialog.getByRole('button', { name: 'Pin', exact: true }).click();
    const link = entry(page, 'Waiting for a yes').getByRole('link');
    await expect.poll(() => link.getAttribute('aria-current')).toBe('page');
    await page.waitForURL(/\/episodes\?status=pending&saved=/); // so what is changed now is an edit of it
    await entry(other, 'Waiting for a yes').getByRole('link').click();
    await other.waitForURL(/\/episodes\?status=pending&saved=/);

    await page.getByRole('group', { name: 'View' }).getByRole('button', { name: 'Board' }).click();
    await entry(page, 'Waiting for a yes').getByText('edited').waitFor();
    await page.getByRole('button', { name: 'Pin this view' }).click();
    await page.getByRole('button', { name: 'Replace Waiting for a yes' }).click();
    await entry(page, 'Waiting for a yes').getByText('edited').waitFor({ state: 'detached' });
    await entry(other, 'Waiting for a yes').getByText('edited').waitFor(); // it still shows the table there

    await entry(page, 'Waiting for a yes').hover();
    await page.getByRole('button', { name: 'More for Waiting for a yes' }).click();
    await page.getByRole('menuitem', { name: 'Unpin' }).click();
    await entry(page, 'Waiting for a yes').waitFor({ state: 'detached' });
    await entry(other, 'Waiting for a yes').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await entry(page, 'Waiting for a yes').waitFor();
  });

  it('are put in another order by dragging and by their menu', async () => {
    const page = await stage.open(stage.logins.mira, '/episodes');
    const names = () => side(page).getByRole('group', { name: 'Pinned' }).locator('[data-view]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['view']));
    await pin(page, 'All');
    await page.goto(`${stage.site.url}/episodes?view=board`);
    await pin(page, 'Board');
    await page.goto(`${stage.site.url}/episodes?view=calendar`);
    await pin(page, 'Calendar');
    await entry(page, 'Calendar').dragTo(entry(page, 'All'));
    await expect.poll(names).toEqual(['Calendar', 'All', 'Board']);
    await page.getByRole('button', { name: 'More for Calendar' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Move down' }).click();
    await expect.poll(names).toEqual(['All', 'Calendar', 'Board']);
  });

  it('are pinned for everybody by editors; viewers have their own, and no control of the others', async () => {
    const viewer = await stage.open(stage.logins.tom, '/episodes');
    const page = await stage.open(stage.logins.ada, '/episodes?view=calendar');
    await pin(page, 'Airing', true);
    await entry(viewer, 'Airing').waitFor();
    await viewer.getByRole('button', { name: 'More for Airing' }).focus();
    await viewer.keyboard.press('Enter');
    await viewer.getByRole('menuitem', { name: 'Copy link' }).waitFor();
    expect(await viewer.getByRole('menuitem').count()).toBe(1);
    await viewer.keyboard.press('Escape');
    await entry(viewer, 'Airing').getByRole('link').click();
    await viewer.keyboard.press('p'); // one of the team: for a viewer it is like any other
    const dialog = viewer.getByRole('dialog', { name: 'Pin this view' });
    await dialog.waitFor();
    expect(await dialog.getByLabel('Pin for everyone').count()).toBe(0);
    await dialog.getByLabel('Name').fill('Mine');
    await viewer.keyboard.press('Enter');
    await entry(viewer, 'Mine').waitFor();
    expect(await entry(page, 'Mine').count()).toBe(0);
  });

  it('leads from the root to the list as it was, and folds the sidebar for good', async () => {
    const page = await stage.open(stage.logins.ben, '/episodes?view=board&status=draft');
    await page.getByRole('heading', { name: 'Episodes' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('button', { name: 'Unfold the sidebar' }).waitFor();
    await page.goto(`${stage.site.url}/`);
    await page.waitForURL(/\/episodes\?status=draft&view=board$/);
    await page.getByRole('button', { name: 'Unfold the sidebar' }).waitFor();
    await page.keyboard.press('[');
    await page.getByRole('button', { name: 'Fold the sidebar' }).waitFor();
  });

  it('has shows that are made, renamed, watched and deleted, which one with episodes is not', async () => {
    const page = await stage.open(stage.logins.ben, '/episodes?view=board');
    const shows = side(page).getByRole('group', { name: 'Shows' });
    const show = (title: string) => shows.locator('[data-show]').filter({ has: page.getByText(title, { exact: true }) });
    const menu = async (title: string, item: string): Promise<void> => {
      await show(title).hover();
      await show(title).getByRole('button').click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await shows.getByRole('button', { name: 'New show' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Night Boats');
    await expectAccessible(page, 'dialog');
    await page.keyboard.press('Enter');
    await expect.poll(() => show('Night Boats').getByRole('link').getAttribute('aria-current')).toBe('page');
    await menu('Night Boats', 'Edit');
    await page.getByRole('dialog').getByLabel('Title').fill('Night Ferries');
    await page.keyboard.press('Enter');
    await show('Night Ferries').waitFor();
    await menu('Night Ferries', 'Stop watching'); // who makes a show watches it
    await page.getByText('You no longer watch Night Ferries').waitFor();
    await menu('Night Ferries', 'Delete');
    await page.getByRole('button', { name: 'Delete the show' }).click();
    await show('Night Ferries').waitFor({ state: 'detached' });
    await page.waitForURL(/\/episodes$/);
    await menu('Lighthouse Nine', 'Delete');
    await page.getByRole('button', { name: 'Delete the show' }).click();
    await page.getByRole('alert').getByText(/the show still has \d+ episodes; delete or move them first/i).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'View' }).getByRole('button', { name: 'Board' }).click();
    await show('Lighthouse Nine').getByRole('link').click();
    await page.waitForURL(/\/episodes\?view=board&show=/); // shown the same way
  });

  it('are found in the palette, as people are, and what can be done with the selected', async () => {
    await stage.ben.api.POST('/api/v1/saved-views', { body: { name: 'Late ones', address: '/episodes?sort=air_date', team: true } });
    const page = await stage.open(stage.logins.ben, '/episodes');
    const choose = async (typed: string, name: string | RegExp): Promise<void> => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill(typed);
      await page.getByRole('option', { name }).click();
    };
    await choose('late', /^Late ones/);
    await page.waitForURL(/sort=air_date&saved=/);
    await choose('mira', /^Mira Lindqvist/);
    await page.waitForURL(/\/activity\?who=/);
    await choose('fog', 'Activity with “fog”');
    await page.waitForURL(/\/activity\?q=fog/);
    await page.goto(`${stage.site.url}/episodes`);
    await rowOf(page, 'Fog Signal').getByRole('checkbox').check();
    await choose('>appr', 'Set 1 selected episode to approved');
    await page.getByText('Fog Signal is approved').waitFor();
    await page.keyboard.press('Control+z');
    await rowOf(page, 'Fog Signal').getByText('Approved').waitFor({ state: 'detached' });
    await choose('The Ninth Keeper', 'New episode “The Ninth Keeper”');
    await expect.poll(() => page.getByRole('dialog', { name: 'New episode' }).getByLabel('Title').inputValue()).toBe('The Ninth Keeper');
  });

  it('has five places at the bottom of phones, and search and oneself in the head', async () => {
    const places = async (page: Page) => (await side(page).getByRole('link').allInnerTexts()).map((words) => words.split('\n').at(0));
    const viewer = await stage.open(stage.logins.tom, '/episodes', { viewport: phone });
    await expect.poll(() => places(viewer)).toEqual(['Episodes', 'Inbox', 'Activity', 'People']);
    const page = await stage.open(stage.logins.ben, '/episodes', { viewport: { width: 360, height: 740 } });
    await expect.poll(() => places(page)).toEqual(['Episodes', 'Inbox', 'Activity', 'Jobs', 'People']);
    await rowOf(page, 'Fog Signal').waitFor();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const filter = () => page.getByRole('button', { name: /^Show / });
    await filter().click();
    await page.getByRole('menuitem', { name: 'New show' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Phone Boats');
    await page.keyboard.press('Enter');
    await filter().getByText('Phone Boats').waitFor();
    const more = page.getByRole('button', { name: 'More for Phone Boats' });
    await more.click();
    await page.getByRole('menuitem', { name: 'Stop watching' }).click(); // who makes a show watches it
    await page.getByText('You no longer watch Phone Boats').waitFor();
    await more.click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the show' }).click();
    await more.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Ben Okafor/ }).click();
    expect(await page.getByRole('menuitem', { name: 'Shortcuts' }).count()).toBe(0); // there are no keys
    await page.getByRole('menuitem', { name: 'Profile' }).click();
    await page.waitForURL(/\/me$/);
    await page.getByRole('button', { name: 'Search or jump to' }).click();
    await page.getByRole('combobox').waitFor();
  });
});
