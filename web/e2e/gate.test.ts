import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';

import { installed, launch, openTab, rowOf, signIn } from './browser';
import { Site } from './site';

describe.skipIf(!installed)('the gate', () => {
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), Site.start()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });

  it('leads there and back, with what the address says', async () => {
    const { page, close } = await openTab(browser, site);
    const { ada } = await site.logins();
    await page.goto(`${site.url}/episodes?q=fog`);
    await page.waitForURL(/\/sign-in\?next=/);
    await page.getByLabel('Email').fill(ada.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('Email and password do not match.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(ada.password);
    await page.keyboard.press('Enter');
    await rowOf(page, 'Fog Signal').waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/episodes?q=fog');
    expect(await page.locator('[data-row]').count()).toBe(1);
    await page.reload();
    await rowOf(page, 'Fog Signal').waitFor();
    await page.getByRole('button', { name: /Ada Quill/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    await page.goto(site.url);
    await page.waitForURL(/\/sign-in$/);
    await close();
  });

  it('says when there were too many tries', async () => {
    const { page, close } = await openTab(browser, site);
    const { tom } = await site.logins();
    const guess = async () =>
      (await fetch(`${site.url}/api/v1/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: tom.email, password: 'guess' }) })).status;
    for (let tries = 0; (await guess()) !== 429; tries++) {
      expect(tries).toBeLessThan(50);
    }
    await page.goto(`${site.url}/sign-in`);
    await page.getByLabel('Email').fill(tom.email);
    await page.getByLabel('Password', { exact: true }).fill(tom.password);
    await page.keyboard.press('Enter');
    await page.getByText(/^Too many tries\. Try again in \d+ minutes?\.$/).waitFor();
    await close();
  });

  it('comes over a page whose session ends, and loses nothing', async () => {
    const { page, close } = await openTab(browser, site);
    const { mira } = await site.logins();
    await signIn(page, site, mira);
    const client = await site.as(mira);
    const id = (await rowOf(page, 'Dead Reckoning').getAttribute('data-row')) ?? '';
    const titleOf = async () => (await client.api.GET('/api/v1/episodes/{id}', { params: { path: { id } } })).data?.data.title;
    await rowOf(page, 'Dead Reckoning').locator('[data-cell$=title]').click();
    await page.keyboard.press('F2');
    await page.getByLabel('Title of Dead Reckoning').fill('Dead Reckoning, Again');
    await client.api.DELETE('/api/v1/auth/sessions');
    await page.getByRole('form', { name: 'Sign in' }).getByText('nothing you typed is lost').waitFor();
    await rowOf(page, 'Dead Reckoning, Again').waitFor(); // below the slip, as it was typed
    expect(await titleOf()).toBe('Dead Reckoning');
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(mira.password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('[data-signal=live]').waitFor();
    await expect.poll(titleOf).toBe('Dead Reckoning, Again'); // what was refused is sent again
    await close();
  });
});

describe.skipIf(!installed)('the first run', () => {
  it('makes the admin, once', async () => {
    const [browser, site] = await Promise.all([launch(), Site.start({ demo: false })]);
    try {
      const { page, close } = await openTab(browser, site);
      const fill = async (password: string): Promise<void> => {
        await page.goto(site.setupLink());
        await page.getByLabel('Name').fill('Ada Quill');
        await page.getByLabel('Email').fill('ada@example.org');
        await page.getByLabel('Password', { exact: true }).fill(password);
        await page.keyboard.press('Enter');
      };
      await fill('short');
      await page.getByText('At least 10 characters.').waitFor();
      await fill('correct horse battery');
      await page.getByText('Nothing on the board yet').waitFor();
      await page.getByRole('button', { name: /Ada Quill/ }).waitFor();
      await fill('correct horse battery');
      await page.getByText('The board has its admin already.').waitFor();
      await close();
    } finally {
      await browser.close();
      await site.stop();
    }
  });
});

describe.skipIf(!installed)('the board below a path', () => {
  it('finds all that it is made of', async () => {
    const [browser, site] = await Promise.all([launch(), Site.start({ prefix: '/callboard' })]);
    try {
      const { page, close } = await openTab(browser, site);
      const { ada } = await site.logins();
      await signIn(page, site, ada, '/episodes?sort=title');
      await rowOf(page, 'The Lamp Room').waitFor();
      expect(new URL(page.url()).pathname).toBe('/callboard/episodes');
      await page.getByRole('link', { name: 'Lighthouse Nine' }).click();
      await page.waitForURL(/\/callboard\/episodes\?sort=title&show=/);
      await page.goto(`${site.url}/people/nothing`);
      await page.getByRole('heading', { name: 'There is no such page.' }).first().waitFor();
      await close();
    } finally {
      await browser.close();
      await site.stop();
    }
  });
});
