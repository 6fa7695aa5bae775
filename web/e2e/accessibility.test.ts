import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { barriers, desktop, installed, openTab, phone, rowOf } from './browser';
import { furnish, goTo, places, type Made } from './places';
import { setStage } from './stage';

// Every page of the board, with what it can have open: axe finds nothing, in either theme.

describe.skipIf(!installed)('axe', () => {
  const stage = setStage();
  let made: Made;
  beforeAll(async () => {
    made = await furnish(stage);
  });

  let found: string[];

  /** Looks at the page as it is, or at what lies over it alone: the page was looked at before. What the themes share is looked at in one of them. */
  async function look(page: Page, name: string, over?: string): Promise<void> {
    const part = over && /^(dialog|\[role=(menu|dialog)\])/.test(over) ? over.replace(/ >> .*/, '') : 'html';
    const themes = page.viewportSize()?.width === phone.width ? ['light'] as const : ['light', 'dark'] as const; // phones have the colours of desks
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForFunction((scheme) => document.documentElement.dataset['mantineColorScheme'] === scheme, colorScheme);
      found.push(...(await barriers(page, { part, colours: colorScheme === 'dark' })).map((barrier) => `${name}, ${colorScheme}: ${barrier}`));
    }
  }

  it.each([['desk', desktop], ['phone', phone]] as const)('finds nothing on any page of a %s', { timeout: 240_000 }, async (_, viewport) => {
    found = [];
    const page = await stage.open(stage.logins.ada, '/me', { viewport });
    for (const { address, shown, layers = [] } of places(made)) {
      await goTo(page, address);
      await page.locator(shown).first().waitFor();
      await look(page, address);
      for (const { opener, shown: layer } of layers) {
        if (viewport === phone && (await opener(page).count()) === 0) {
          continue; // it does not have all
        }
        const name = (await opener(page).getAttribute('aria-label')) ?? (await opener(page).textContent()) ?? '';
        await opener(page).click();
        await page.locator(layer).first().waitFor();
        await look(page, `${address} ${name}`, layer);
        await page.keyboard.press('Escape');
        await page.locator(layer).first().waitFor({ state: 'detached' });
      }
    }
    expect(found).toEqual([]);
  });

  it('finds nothing in what comes of an act', { timeout: 120_000 }, async () => {
    found = [];
    const page = await stage.open(stage.logins.ada, '/episodes');
    const shows = async (name: string, selector: string): Promise<void> => {
      await page.locator(selector).first().waitFor();
      await look(page, name, selector);
    };
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) {
        await page.keyboard.press(key);
      }
    };
    const gone = async (selector: string): Promise<void> => {
      await press('Escape');
      await page.locator(selector).first().waitFor({ state: 'detached' });
    };
    const button = (name: string | RegExp) => page.getByRole('button', { name });
    const item = (name: string | RegExp) => page.getByRole('menuitem', { name });

    await rowOf(page, 'Harbour Lights').locator('[data-cell$=title]').click();
    await press('F2');
    await shows('the title in the table', '[data-list] input:not([type=checkbox])');
    await press('Escape', 's');
    await shows('the status in the table', '[role=menu]');
    await gone('[role=menu]');
    await press('x');
    await shows('the bar of what is selected', '[data-bulk]');
    await button('Set status').click();
    await shows('a status for what is selected', '[role=menu]');
    await gone('[role=menu]');
    await button('Set air date').click();
    await shows('an air date for what is selected', '[role=dialog]');
    await gone('[role=dialog]');
    await press('Control+a');
    await button('Delete').click();
    await shows('the deletion of many', 'dialog >> text=can be restored');
    await gone('dialog');
    await press('Control+k');
    await shows('the palette', '[role=option]');
    await press('>');
    await shows('the acts of the palette', '[role=option]');
    await gone('[role=combobox]');
    await press('?');
    await shows('the shortcuts', 'dialog dt');
    await gone('dialog');
    await button(/^Ada Quill/).click();
    await shows('the menu of who is signed in', '[role=menu]');
    await gone('[role=menu]');
    await button('New episode').click();
    await button('Create').click();
    await shows('a new episode without a title', 'dialog [aria-invalid=true]');
    await gone('dialog');

    await goTo(page, '/episodes?view=board');
    await page.locator('[data-card]').first().focus();
    await press('s');
    await shows('the status on the board', '[role=menu]');
    await gone('[role=menu]');
    await press(' ', 'ArrowRight');
    await shows('a card that is carried', '[data-column]');
    await press('Escape');
    await button('Fold Draft').click();
    await shows('a folded column', '[aria-expanded=false][data-column]');
    await page.locator('[aria-expanded=false][data-column=draft]').click();

    await goTo(page, `/episodes/${made.episode}`);
    await page.locator('[data-cell=title]').click();
    await page.getByLabel('Title', { exact: true }).fill('Harbour Light');
    await stage.change(made.episode, { title: 'Harbour Lamps' });
    await shows('a title that somebody else has changed', '#note-title >> text=Ben changed this');
    await press('Enter');
    await shows('the conflict', 'dialog fieldset');
    await page.getByRole('button', { name: 'Discard mine' }).click();
    await shows('marks and toasts', '[data-cell=title]');
    await goTo(page, `/episodes/${made.episode}/files/${made.file}`);
    await button('Rename').click();
    await shows('the name of a file', 'dialog input');
    await press('Escape');
    await page.locator('dialog').getByRole('button', { name: 'Delete' }).click();
    await shows('the deletion of a file', 'dialog dialog');
    await gone('dialog dialog');

    await goTo(page, '/inbox');
    await page.locator('[data-note]').first().click();
    await press('x');
    await shows('a note, and the bar of what is selected', '[role=toolbar]');
    await goTo(page, '/inbox/preferences');
    await page.getByRole('switch', { name: 'Quiet hours' }).click();
    await shows('quiet hours', 'input[type=time]');
    await goTo(page, '/import');
    await goTo(page, `/import?file=${made.asking}&show=${made.show}`);
    await shows('a question about a sheet', 'fieldset input');
    await goTo(page, `/import?file=${made.sheet}&show=${made.show}&check=${made.check}&job=${made.check}`);
    await shows('what came of an import', '[role=status] h2');

    await goTo(page, '/people/users');
    await button('More for Ben Okafor').click();
    await item('Disable Ben Okafor').click();
    await shows('disabling somebody', 'dialog');
    await gone('dialog');
    await button('More for Ben Okafor').click();
    await item('Set a new password').click();
    await shows('a new password', 'dialog');
    await gone('dialog');
    await button('Add a person').click();
    await page.getByLabel('Name', { exact: true }).fill('Yuki Tanabe');
    await page.getByLabel('Email').fill('ben@demo.callboard.test');
    await press('Enter');
    await shows('a person who is there already', 'dialog [aria-invalid=true], dialog [role=alert] p');
    await page.getByLabel('Email').fill('yuki@demo.callboard.test');
    await press('Enter');
    await shows('a password that was made', 'dialog input[readonly]');
    await button('Done').click();
    await goTo(page, '/people/announce');
    await page.getByLabel('Message').fill('The building closes at six.');
    await page.getByRole('combobox', { name: 'To' }).selectOption({ label: 'Those who watch an episode' });
    await page.getByRole('searchbox').fill('fog');
    await page.getByRole('switch', { name: 'Urgent' }).click();
    await shows('an announcement', 'main select >> nth=1');
    await goTo(page, '/me/tokens');
    await button('New token').click();
    await page.getByRole('button', { name: 'An application' }).click();
    await page.getByLabel('Name').fill('nightly export');
    await press('Enter');
    await shows('a token that was made', 'dialog input[readonly]');
    await button('Done').click();
    await shows('tokens', 'main tbody tr');
    await button('Revoke nightly export').click();
    await shows('a token that is revoked', 'dialog');
    await gone('dialog');

    await goTo(page, `/episodes/${made.episode}`);
    await page.locator('[data-cell=title]').waitFor();
    await page.context().setOffline(true);
    await page.locator('[data-signal=offline]').waitFor();
    await page.locator('[data-cell=title]').click();
    await page.getByLabel('Title', { exact: true }).fill('Harbour Lanterns');
    await press('Enter');
    await shows('offline, with an edit that waits', 'main [role=alert] >> text=1 edit waits');
    await page.context().setOffline(false);
    expect(found).toEqual([]);
  });

  it.each([['desk', desktop], ['phone', phone]] as const)('finds nothing at the gate of a %s', async (_, viewport) => {
    found = [];
    const { page, close } = await openTab(stage.browser, stage.site, { viewport });
    await page.goto(`${stage.site.url}/sign-in?next=/episodes`);
    await page.getByLabel('Email').waitFor();
    await look(page, 'the sign-in');
    await page.getByLabel('Email').fill('ada@demo.callboard.test');
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('Email and password do not match.').waitFor();
    await look(page, 'a sign-in that is refused');
    await page.goto(`${stage.site.url}/setup?token=x`);
    await page.getByLabel('Name').waitFor();
    await look(page, 'the first sign-in');
    await close();
    expect(found).toEqual([]);
  });
});
