import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installed, launch, openAs } from './browser';
import { Site, type Login } from './site';

describe.skipIf(!installed)('loading', () => {
  let browser: Browser;
  let site: Site;
  let ada: Login;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), Site.start()]);
    ({ ada } = await site.logins());
    await (await openAs(browser, site, ada)).close(); // signed in from here on
  });

  afterAll(async () => {
    await browser.close();
    await site.stop();
  });

  it('reads the first list while the scripts come, and reads it once', async () => {
    const { page, close } = await openAs(browser, site, ada, '/inbox');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    let passScripts = (): void => undefined;
    const held = new Promise<void>((resolve) => (passScripts = resolve));
    await page.route(/assets\/libraries-.*\.js$/, async (route) => {
      await held;
      await route.continue();
    });
    const list = page.waitForResponse(/\/api\/v1\/episodes\?/);
    await page.goto(`${site.url}/episodes?q=the lamp&status=draft,published,approved&sort=-title`, { waitUntil: 'commit' });
    const { searchParams } = new URL((await list).url());
    expect([searchParams.get('q'), searchParams.getAll('status').sort(), searchParams.get('sort')]).toEqual(['the lamp', ['approved', 'draft', 'published'], '-title']);
    expect(await page.locator('[data-row]').count()).toBe(0);
    passScripts();
    await page.locator('[data-row]').first().waitFor();
    expect(asked.filter((url) => /\/api\/v1\/(episodes\?|shows\?|auth\/me$)/.test(url))).toHaveLength(3);
    await close();
  });

  it('has all pages and menus while the server is away', async () => {
    const { page, close } = await openAs(browser, site, ada, '/episodes');
    await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /EpisodePage-.*js$/.test(name)));
    await page.waitForLoadState('networkidle');
    await site.kill();
    await page.locator('[data-signal=live]').waitFor({ state: 'detached' });
    for (const [place, title] of [['People', 'People'], ['Activity', 'Activity'], ['Jobs', 'Jobs'], ['Inbox', 'Inbox']] as const) {
      await page.getByRole('navigation').getByRole('link', { name: place }).click();
      await page.getByRole('heading', { name: title, exact: true }).first().waitFor();
    }
    await page.getByRole('button', { name: ada.name }).click();
    await page.getByRole('menuitem', { name: /profile/i }).waitFor();
    await close();
    await site.up();
  });
});
