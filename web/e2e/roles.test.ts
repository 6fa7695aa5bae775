import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed } from './browser';
import { furnish, goTo, places, type Made } from './places';
import { setStage } from './stage';

// What a role may not do is not there: whoever presses all that a page has is refused nothing.

describe.skipIf(!installed)('what a role sees', () => {
  const stage = setStage();
  let made: Made;
  beforeAll(async () => {
    made = await furnish(stage);
  });

  /** Tells of what the server refuses a page because of its user's role, and when all has been answered. */
  function watch(page: Page): { refused: string[]; quiet: () => Promise<void> } {
    const refused: string[] = [];
    let open = 0;
    page.on('request', () => open++);
    page.on('requestfailed', () => open--);
    page.on('requestfinished', () => open--);
    page.on('response', (response) => {
      if (response.status() === 403) {
        refused.push(`${response.request().method()} ${new URL(response.url()).pathname}`);
      }
    });
    return { refused, quiet: () => expect.poll(() => open).toBeLessThanOrEqual(0) };
  }

  /** Presses what the page shows, one after the other, with what that opens; leaves out what leads to other pages, signs out, or takes a file. */
  async function pressAll(page: Page, address: string, quiet: () => Promise<void>): Promise<void> {
    const here = '#page button, dialog[open] button, #page [role=slider]';
    const reset = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await goTo(page, '/nothing');
      await goTo(page, address);
      await quiet(); // what was shown may have been changed or taken away
    };
    const count = await page.locator(here).count();
    const dialogs = await page.locator('dialog[open], [role=menu]').count(); // of the address itself
    for (let i = 0; i < count; i++) {
      const button = page.locator(here).nth(i);
      if (!(await button.isVisible().catch(() => false))) {
        continue;
      }
      const before = page.url();
      await button.evaluate((element: HTMLElement) => element.click());
      const items = page.locator('[role=menu] [role^=menuitem]');
      for (let entry = 0, entries = await items.count(); entry < entries; entry++) {
        await items.nth(entry).evaluate((element: HTMLElement) => element.click());
        if ((await items.count()) === 0 && entry + 1 < entries) {
          await reset();
          await page.locator(here).nth(i).evaluate((element: HTMLElement) => element.click());
        }
      }
      await page.keyboard.press('Escape');
      await quiet();
      if (page.url() !== before || (await page.locator(here).count()) !== count || (await page.locator('dialog[open], [role=menu]').count()) > dialogs) {
        await reset();
      }
    }
  }

  it('is nothing that would be refused to a viewer', { timeout: 180_000 }, async () => {
    const page = await stage.open(stage.logins.tom, '/me');
    const { refused, quiet } = watch(page);
    for (const { address, role } of places(made)) {
      await goTo(page, address);
      if (role === undefined) {
        await page.locator('#page').getByRole('heading', { level: 1 }).first().waitFor();
        await quiet();
        await pressAll(page, address, quiet);
      } else {
        await page.getByText(role === 'admin' ? 'For admins only' : 'For editors and admins only').waitFor();
        expect(await page.locator('#page').getByRole('button').count(), address).toBe(0);
      }
      await quiet();
    }
    expect(refused).toEqual([]);
  });
});
