import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectAccessible, installed, launch, rowOf } from './browser';
import { OpenIDProvider } from './provider';
import { Site } from './site';

// A real provider, which holds the board to OpenID Connect: its client ID and secret, redirect URI, PKCE, and what it asks for.

const people = {
  mira: { name: 'Mira Lindqvist', email: 'mira@demo.callboard.test', email_verified: true, realm_access: { roles: ['guests'] } }, // an editor so far
  stranger: { name: 'A Stranger', email: 'stranger@elsewhere.test', email_verified: true, realm_access: { roles: ['crew'] } },
};

describe.skipIf(!installed)('signing in at a provider', () => {
  let browser: Browser;
  let site: Site;
  let provider: OpenIDProvider;

  beforeAll(async () => {
    [browser, site] = await Promise.all([
      launch(),
      Site.start({
        settings: async (board) => {
          provider = await OpenIDProvider.start(board, people);
          return provider.settings(board);
        },
      }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await provider?.stop();
  });

  /** A page in a browser of its own, which loads nothing but the board and the provider. */
  async function open(): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.context().route((url) => url.hostname !== '127.0.0.1', (route) => route.abort());
    return page;
  }

  async function signInAs(page: Page, login: string): Promise<void> {
    await page.getByRole('link', { name: 'Sign in with Stage Door' }).click();
    await page.getByPlaceholder('Enter any login').fill(login);
    await page.getByPlaceholder('and password').fill('whatever');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  it('leads to where one was going, with the role that the provider says', async () => {
    const page = await open();
    await page.goto(`${site.url}/episodes?q=fog`);
    await page.getByRole('link', { name: 'Sign in with Stage Door' }).waitFor();
    await expectAccessible(page);
    await signInAs(page, 'mira');
    await rowOf(page, 'Fog Signal').waitFor();
    expect(page.url()).toBe(`${site.url}/episodes?q=fog`);
    const { data } = (await (await page.request.get(`${site.url}/api/v1/auth/me`)).json()) as { data: { name: string; role: string } };
    expect(data).toMatchObject({ name: 'Mira Lindqvist', role: 'viewer' });
    expect((await page.context().cookies()).filter(({ name }) => name.startsWith('callboard_')).map(({ name }) => name).sort()).toEqual(['callboard_device', 'callboard_session']);

    // The session ends under the open page: it stays, and one signs in beside it.
    expect((await page.request.delete(`${site.url}/api/v1/auth/sessions`)).status()).toBe(204);
    const opened = page.context().waitForEvent('page');
    await page.getByRole('dialog').getByRole('link', { name: 'Sign in with Stage Door' }).click();
    const beside = await opened;
    await rowOf(beside, 'Fog Signal').waitFor(); // the provider knows who it is
    await beside.close();
    await page.bringToFront();
    await page.evaluate(() => window.dispatchEvent(new Event('focus'))); // a browser without windows gives none
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('says why somebody is not let in', async () => {
    const page = await open();
    await page.goto(`${site.url}/episodes?q=fog`);
    await page.getByRole('link', { name: 'Sign in with Stage Door' }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByText('You are not signed in: Stage Door did not allow it, or you cancelled.').waitFor();
    expect(new URL(page.url()).searchParams.get('next')).toBe('/episodes?q=fog');
    await expectAccessible(page);
    await signInAs(page, 'stranger');
    await page.getByText('You have no account here.').waitFor();
    expect((await page.request.get(`${site.url}/api/v1/auth/me`)).status()).toBe(401);
    await page.context().close();
  });
});
