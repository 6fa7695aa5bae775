import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Callboard } from 'callboard';
import type { Browser } from 'playwright-core';

import { installed, launch, openAs, type Tab } from './browser';
import { Site, type Login } from './site';

describe.skipIf(!installed)('people', () => {
  let browser: Browser;
  let site: Site;
  let logins: Record<'ada' | 'ben' | 'mira' | 'tom', Login>;
  let tabs: Tab[] = [];

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), Site.start()]);
    logins = await site.logins();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
  afterEach(async () => {
    await Promise.all(tabs.map((tab) => tab.close()));
    tabs = [];
  });

  async function open(login: Login, path: string) {
    const tab = await openAs(browser, site, login, path);
    tabs.push(tab);
    return tab.page;
  }

  it('make a token, which is shown once and acts for them until it is revoked', async () => {
    const page = await open(logins.ben, '/me/tokens');
    await page.getByText('No tokens').waitFor();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('nightly export');
    await page.keyboard.press('Enter');
    const token = await page.getByLabel('Token', { exact: true }).inputValue();
    const act = async (): Promise<number> => (await new Callboard({ url: site.url, token }).api.GET('/api/v1/auth/me')).response.status;
    expect(await act()).toBe(200);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /nightly export/ }).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke nightly export' }).click();
    await page.getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByText('No tokens').waitFor();
    expect(await act()).toBe(401);
  });

  it('who are viewers have no way to what is for admins, not even by its address', async () => {
    const page = await open(logins.tom, '/people');
    await page.locator('[data-person]').first().waitFor();
    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    for (const part of ['users', 'connections', 'health', 'announce']) {
      await page.goto(`${site.url}/people/${part}`);
      await page.getByText('For admins only').waitFor();
    }
  });
});
