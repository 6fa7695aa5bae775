import { describe, expect, it } from 'vitest';
import { Callboard } from 'callboard';

import { barriers, installed, openTab } from './browser';
import { setStage } from './stage';

describe.skipIf(!installed)('people', () => {
  const stage = setStage();

  it('make a token, which is shown once and acts for them until it is revoked', async () => {
    const page = await stage.open(stage.logins.mira, '/me/tokens');
    await page.getByText('No tokens').waitFor();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('nightly export');
    await page.getByRole('button', { name: 'Only read' }).click();
    await page.getByLabel('Name').press('Enter');
    const token = await page.getByLabel('Token', { exact: true }).inputValue();
    await page.keyboard.press('Escape');
    await page.mouse.click(2, 2);
    const { api } = new Callboard({ url: stage.site.url, token });
    const act = async (): Promise<number> => (await api.GET('/api/v1/shows')).response.status;
    expect(await act()).toBe(200);
    expect((await api.POST('/api/v1/shows', { body: { title: 'Not with this token' } })).response.status).toBe(403);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /nightly export.*only read/ }).waitFor();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke nightly export' }).click();
    await page.getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByText('No tokens').waitFor();
    expect(await act()).toBe(401);
  });

  it('say how they are, for all to see', async () => {
    const page = await stage.open(stage.logins.mira, '/people');
    const other = await stage.open(stage.logins.tom, '/people');
    await page.getByLabel('A few words').fill('Locking picture');
    await page.getByRole('radio', { name: 'Busy' }).click();
    const row = other.locator('[data-person]', { hasText: 'Mira Lindqvist' });
    await row.getByText('Busy').waitFor();
    await row.getByText('Locking picture').waitFor();
  });

  it('are added, given roles and disabled by admins; who is disabled is signed out in the other browser', { timeout: 120_000 }, async () => {
    const page = await stage.open(stage.logins.ada, '/people/users');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Yuki Tanabe');
    await page.getByLabel('Email').fill('yuki@demo.callboard.test');
    await page.getByRole('dialog').getByRole('button', { name: 'Add a person' }).click();
    const link = await page.getByLabel('Link').inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    const password = 'a pass phrase of Yuki';
    const { page: invited, close } = await openTab(stage.browser, stage.site);
    await invited.goto(link);
    await invited.getByText('invites you to the board').waitFor();
    expect(await barriers(invited)).toEqual([]);
    await invited.getByLabel('Password', { exact: true }).fill(password);
    await invited.getByRole('button', { name: 'Join the board' }).click();
    await invited.locator('[data-row]').first().waitFor();
    await invited.goto(link);
    await invited.getByText(/This invitation was used/).waitFor();
    await close();
    const row = page.locator('[data-user="yuki@demo.callboard.test"]');
    const yuki = await stage.open({ role: 'editor', name: 'Yuki Tanabe', email: 'yuki@demo.callboard.test', password }, '/people/users');
    await yuki.getByText('For admins only').waitFor();
    await row.getByText('In now').waitFor();
    await row.getByRole('button', { name: 'Editor, Role of Yuki Tanabe' }).click();
    await page.getByRole('menuitemradio', { name: 'Viewer' }).click();
    await page.getByText('Yuki Tanabe is a viewer now').waitFor();
    await yuki.locator('nav', { hasText: 'Jobs' }).waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'More for Yuki Tanabe' }).click();
    await page.getByRole('menuitem', { name: 'Disable Yuki Tanabe' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable Yuki Tanabe' }).click();
    await row.getByText('Disabled').waitFor();
    await yuki.getByText(/Your session has ended/).first().waitFor();
  });

  it('who are viewers have no way to what is for admins, not even by its address', async () => {
    const page = await stage.open(stage.logins.tom, '/people');
    await page.locator('[data-person]').first().waitFor();
    expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
    for (const part of ['users', 'connections', 'health', 'announce']) {
      await page.goto(`${stage.site.url}/people/${part}`);
      await page.getByText('For admins only').waitFor();
    }
  });

  it('are told what an admin has to say', async () => {
    const tom = await stage.open(stage.logins.tom, '/episodes');
    const page = await stage.open(stage.logins.ada, '/people/announce');
    await page.getByLabel('Message').fill('The building closes at six.');
    await page.getByRole('combobox', { name: 'To' }).selectOption('Viewers');
    await page.getByRole('button', { name: 'Announce' }).click();
    await tom.getByText('The building closes at six.').waitFor();
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('heading', { name: 'Everything keeps up' }).waitFor();
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('row', { name: /Tom Reyes.*WebSocket/ }).waitFor();
  });
});
