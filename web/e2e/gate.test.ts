import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';

import { installed, launch, openTab, rowOf, signIn } from './browser';
import { Site, type Login } from './site';
import { setStage } from './stage';

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

describe.skipIf(!installed)('a browser that several people use', () => {
  const stage = setStage();
  const title = (page: Page) => page.locator('[data-cell=title]');
  const retitle = async (page: Page, words: string): Promise<void> => {
    await title(page).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  };
  const fillSlip = async (page: Page, { email, password }: Login): Promise<void> => {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  };
  const writers = async (id: string): Promise<string[]> => {
    const { data } = await stage.ben.api.GET('/api/v1/activity/resource/{type}/{id}', { params: { path: { type: 'episode', id }, query: { wait: true } } });
    return data?.data.filter(({ action }) => action === 'updated_episode').map(({ user_name }) => user_name) ?? [];
  };

  it('keeps what one has typed from who signs in over the page, and for oneself', async () => {
    const { ada, mira } = stage.logins;
    const id = await stage.make({ title: 'GA Handed Over' });
    const tab = await openTab(stage.browser, stage.site); // with a session of its own: this one ends
    await signIn(tab.page, stage.site, mira, `/episodes/${id}`);
    await title(tab.page).waitFor();
    await tab.page.waitForLoadState('networkidle'); // what the page still reads would be refused, too, and ask to sign in before a word is typed
    await tab.page.context().clearCookies();
    await retitle(tab.page, 'GA Words of Mira');
    await tab.page.getByRole('dialog').getByRole('form').waitFor();
    await fillSlip(tab.page, ada);
    await tab.page.getByRole('button', { name: /Ada Quill/ }).waitFor();
    await title(tab.page).getByText('GA Handed Over').waitFor();
    expect(await tab.page.locator('body').innerText()).not.toContain('GA Words of Mira');

    await tab.page.getByRole('button', { name: /Ada Quill/ }).click();
    await tab.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await tab.page.waitForURL(/\/sign-in$/);
    await signIn(tab.page, stage.site, mira, `/episodes/${id}`);
    await expect.poll(() => stage.read(id)).toMatchObject({ title: 'GA Words of Mira' });
    expect(await writers(id)).toEqual(['Mira Lindqvist']);
    await tab.close();
  });

  it('does nothing in one tab as who has signed in since in another', async () => {
    const { ada, mira } = stage.logins;
    const id = await stage.make({ title: 'GA Two Tabs' });
    const tab = await openTab(stage.browser, stage.site);
    await signIn(tab.page, stage.site, mira, `/episodes/${id}`);
    await title(tab.page).waitFor();
    const other = await tab.page.context().newPage();
    await signIn(other, stage.site, ada, '/sign-in');
    await retitle(tab.page, 'GA Two Tabs, Typed');
    await tab.page.getByRole('dialog').getByRole('form').waitFor();
    expect(await stage.read(id)).toMatchObject({ title: 'GA Two Tabs' });
    await fillSlip(tab.page, mira);
    await expect.poll(() => stage.read(id)).toMatchObject({ title: 'GA Two Tabs, Typed' });
    expect(await writers(id)).toEqual(['Mira Lindqvist']);
    await tab.close();
  });

  it('shows nothing to who steps back to what was open before signing out', async () => {
    const browser = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] }); // as people have it
    try {
      const { page, close } = await openTab(browser, stage.site);
      await signIn(page, stage.site, stage.logins.ada, '/people/users');
      await page.getByText('ben@demo.callboard.test').waitFor();
      await page.getByRole('button', { name: /Ada Quill/ }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.waitForURL(/\/sign-in$/);
      await page.goBack({ waitUntil: 'commit' });
      await page.waitForURL(/\/sign-in\?next=/);
      expect(await page.getByText('ben@demo.callboard.test').count()).toBe(0);
      await close();
    } finally {
      await browser.close();
    }
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
      await page.getByText('This board already has an admin.').waitFor();
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
      await page.getByRole('heading', { name: 'There is no such page' }).first().waitFor();
      expect((await page.goto(`${site.url}/nope`))?.status()).toBe(404);
      await page.getByRole('heading', { name: 'There is no such page' }).first().waitFor();
      await page.goto(`${site.url}/jobs/`);
      await page.waitForURL(/\/callboard\/jobs$/);
      await page.goto(`${site.url}/episodes/xyz`);
      await page.getByText('There is no such episode').waitFor();
      await close();
    } finally {
      await browser.close();
      await site.stop();
    }
  });
});
