import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, installed, openAs, rowOf } from './browser';
import type { Login } from './site';
import { setStage } from './stage';

describe.skipIf(!installed)('the palette and the shortcuts', () => {
  const stage = setStage();
  let page: Page;

  async function open(login: Login): Promise<void> {
    page = await stage.open(login, '/episodes');
    await page.locator('[data-row]').first().waitFor();
  }

  it('finds an episode, and remembers it', async () => {
    await open(stage.logins.ada);
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox');
    await field.fill('fog sig');
    const option = page.getByRole('option', { name: /Fog Signal/ });
    await option.waitFor();
    expect(await field.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
    await expectAccessible(page, 'dialog');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Fog Signal' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('group', { name: 'Recently opened' }).getByText('Fog Signal').waitFor();
    await page.getByRole('combobox').fill('>ren');
    expect(await page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByLabel('Title', { exact: true }).waitFor();
  });

  it('leads to places, and filters the list', async () => {
    await open(stage.logins.ada);
    await page.getByRole('button', { name: /Search or jump to/ }).click();
    await page.getByRole('combobox').fill('inbo');
    await page.getByRole('option', { name: 'Inbox' }).click();
    await page.waitForURL(/\/inbox/);
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await rowOf(page, 'Fog Signal').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('fog');
    await page.getByRole('option', { name: 'Show only titles with “fog”' }).click();
    await page.waitForURL(/q=fog/);
    const options = async (typed: string): Promise<string[]> => {
      await page.getByRole('combobox').waitFor({ state: 'detached' }); // the same keys close it
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill(typed);
      return page.getByRole('option').allInnerTexts();
    };
    expect((await options('>clear')).join()).toContain('Clear the search');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/episodes$/);
    expect((await options('>clear')).join()).not.toContain('Clear the search'); // there is none
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'detached' });
    const found = await options('mira');
    expect(found.findIndex((one) => one.includes('Mira Lindqvist'))).toBeLessThan(found.findIndex((one) => one.includes('Show only titles')));
  });

  it('shows nothing that would be refused', async () => {
    await open(stage.logins.tom);
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Inbox' }).waitFor();
    expect(await page.getByRole('option', { name: 'Jobs' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'detached' });
  });

  it('lists the keys, and can switch single ones off, on all devices', async () => {
    await open(stage.logins.ada);
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Shortcuts' });
    await dialog.getByText('Search or jump to').waitFor();
    await expectAccessible(page, 'dialog');
    const saved = page.waitForResponse((response) => response.url().endsWith('/auth/me/settings') && response.request().method() === 'PATCH');
    await dialog.getByRole('switch', { name: 'Single keys' }).click();
    expect((await saved).ok()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const there = await openAs(stage.browser, stage.site, stage.logins.ada, '/episodes');
    for (const one of [page, there.page]) {
      await one.locator('[data-row]').first().waitFor();
      await one.keyboard.press('?');
      await one.keyboard.press('/');
      expect(await one.evaluate(() => document.activeElement?.hasAttribute('data-find'))).toBe(false);
      await one.keyboard.press('Control+k');
      await one.getByRole('combobox').waitFor();
      expect(await one.getByRole('dialog', { name: 'Shortcuts' }).count()).toBe(0);
    }
    await there.close();
  });
});
