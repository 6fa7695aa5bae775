import type { Callboard } from 'callboard';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, installed, openAs } from './browser';
import { setStage } from './stage';

const patience = { timeout: 30_000 }; // of what hooks do, too, where nothing polls

/** What Mira is told of. */
interface Told {
  id: string;
  title: string;
}

describe.skipIf(!installed)('the inbox', () => {
  const stage = setStage();
  let mira: Callboard;

  beforeAll(async () => {
    mira = await stage.site.as(stage.logins.mira);
    await vi.waitFor(async () => expect((await stage.ben.api.GET('/api/v1/jobs')).data?.data.every(({ status }) => status === 'completed')).toBe(true), patience);
    await tellOne('Last of all before'); // what the demo did is told by then, too
  });

  const unread = async () => (await mira.api.GET('/api/v1/notifications/unread-count')).data?.data.unread_count;

  /** Has Ben change an episode that Mira watches, of which she is told. */
  async function tellOne(title: string): Promise<Told> {
    const { data } = await mira.api.POST('/api/v1/episodes', { body: { title } }); // who makes one watches it, once the log has been followed
    const id = data?.data.id ?? '';
    await vi.waitFor(async () => expect((await mira.api.GET('/api/v1/watches/{type}/{id}', { params: { path: { type: 'episode', id } } })).data?.data.watching).toBe(true), patience);
    await stage.change(id, { status: 'pending' });
    await vi.waitFor(async () => expect((await mira.api.GET('/api/v1/notifications')).data?.data.map((note) => note.resource_id)).toContain(id), patience);
    return { id, title };
  }

  let titles = 0;

  /** The same with so many, the newest first. What was there before is read. */
  async function tell(n: number): Promise<[Told, ...Told[]]> {
    await mira.api.POST('/api/v1/notifications/read-all', { body: {} });
    const told: Told[] = [];
    while (told.length < n) {
      titles++;
      told.unshift(await tellOne(`Inbox tale ${titles}`));
    }
    return told as [Told, ...Told[]];
  }

  const note = (page: Page, title: string) => page.locator('li', { has: page.locator('[data-note]', { hasText: title }) });
  const titled = (page: Page, n: number) => expect.poll(() => page.title()).toMatch(n === 0 ? /^[^(]/ : new RegExp(`^\\(${n}\\) `));

  it('is gone through by keys: read, unread, archived, and back', async () => {
    const [first, second] = await tell(3) as [Told, Told, Told];
    const page = await stage.open(stage.logins.mira, '/inbox');
    await note(page, first.title).getByRole('img', { name: 'Unread' }).waitFor();
    await titled(page, 3);
    await page.keyboard.press('j');
    await page.getByRole('article').getByRole('heading', { name: first.title }).waitFor();
    await page.getByRole('article').getByText('You get this because you watch this episode.').waitFor();
    await page.getByRole('article').locator('ins', { hasText: 'Pending' }).waitFor();
    await titled(page, 2); // read, since it is open
    await expectAccessible(page);
    await page.keyboard.press('u');
    await note(page, first.title).getByRole('img', { name: 'Unread' }).waitFor();
    await expect.poll(unread).toBe(3);
    await page.keyboard.press('j');
    await page.getByRole('article').getByRole('heading', { name: second.title }).waitFor();
    await page.keyboard.press('k');
    await page.getByRole('article').getByRole('heading', { name: first.title }).waitFor();
    await page.keyboard.press('e');
    await note(page, first.title).waitFor({ state: 'detached' });
    await page.getByRole('article').getByRole('heading', { name: second.title }).waitFor(); // the next one is open
    await page.keyboard.press('Control+z');
    await note(page, first.title).waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('K');
    await page.getByRole('toolbar', { name: '2 selected' }).getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Archived 2 notes').waitFor();
    await page.getByRole('button', { name: 'Archived', exact: true }).click();
    await note(page, second.title).waitFor();
    await page.reload();
    await note(page, first.title).locator('[data-note]').click();
    await page.getByRole('button', { name: 'Move to the inbox' }).click();
    await note(page, first.title).waitFor({ state: 'detached' });
    await page.goto(`${stage.site.url}/inbox`);
    await note(page, first.title).waitFor();
    expect(await note(page, second.title).count()).toBe(0);
  });

  it('has the same number in all tabs, and all is read at once', async () => {
    await tell(2);
    const page = await stage.open(stage.logins.mira, '/inbox');
    const other = await openAs(stage.browser, stage.site, stage.logins.mira, '/people');
    await titled(page, 2);
    await titled(other.page, 2);
    await other.page.getByRole('navigation').getByRole('link', { name: /^Inbox.*2/ }).waitFor();
    await page.locator('[data-note]').first().waitFor();
    await page.keyboard.press('U');
    await page.getByText('2 notes read').waitFor();
    await titled(page, 0);
    await titled(other.page, 0);
    await page.keyboard.press('Control+z');
    await titled(page, 2);
    await titled(other.page, 2);
    await other.close();
  });

  it('takes as read what is about the episode that one opens', async () => {
    const [first, second] = await tell(2) as [Told, Told];
    const page = await stage.open(stage.logins.mira, '/inbox');
    await titled(page, 2);
    await page.goto(`${stage.site.url}/episodes/${first.id}`);
    await titled(page, 1);
    await expect.poll(unread).toBe(1);
    await stage.change(first.id, { title: `${first.title}, again` });
    await page.getByRole('heading', { name: `${first.title}, again` }).waitFor();
    const isSeen = async () => (await mira.api.GET('/api/v1/notifications')).data?.data.some(({ message, read_at: at }) => at && message.includes(`${first.title}, again`));
    await expect.poll(isSeen).toBe(true); // what happens on the page that is open
    await titled(page, 1);
    await page.getByRole('navigation').getByRole('link', { name: /^Inbox/ }).click();
    await note(page, second.title).getByRole('img', { name: 'Unread' }).waitFor();
    await note(page, second.title).locator('[data-note]').click();
    await page.getByRole('link', { name: `Open ${second.title}` }).click();
    await page.waitForURL(new RegExp(`/episodes/${second.id}`));
    await titled(page, 0);
  });

  it('lets what comes wait while one is in the list, and pops up elsewhere', async () => {
    const [known] = await tell(1);
    const page = await stage.open(stage.logins.mira, '/inbox');
    const other = await openAs(stage.browser, stage.site, stage.logins.mira, '/episodes?q=nothing');
    await note(page, known.title).hover();
    await tellOne('Inbox news');
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await note(page, 'Inbox news').count()).toBe(0);
    await page.keyboard.press('.');
    await note(page, 'Inbox news').waitFor();
    await other.page.getByText('Ben Okafor updated Inbox news').waitFor();
    await other.page.getByRole('button', { name: 'Open' }).click();
    await other.page.waitForURL(/\/inbox\?id=/);
    await other.page.getByRole('article').getByRole('heading', { name: 'Inbox news' }).waitFor();
    await other.close();
  });

  it('hears of what one wants to hear of: it is saved, and holds', async () => {
    const page = await stage.open(stage.logins.mira, '/inbox/preferences');
    const updated = page.getByRole('checkbox', { name: 'Episodes: updated: inbox' });
    await updated.uncheck();
    expect(await page.getByRole('checkbox', { name: 'Episodes: updated: pop up' }).count()).toBe(0);
    await page.getByRole('status').getByText('Saved').waitFor();
    await page.reload();
    await updated.waitFor();
    expect(await updated.isChecked()).toBe(false);
    await page.getByRole('switch', { name: 'Quiet hours' }).check();
    await page.getByLabel('From').fill('21:30');
    await page.getByText(/^(Next|Now)/).waitFor();
    await page.getByRole('status').getByText('Saved').waitFor();
    const kept = async () => (await mira.api.GET('/api/v1/notifications/preferences')).data?.data;
    await expect.poll(async () => (await kept())?.quiet_hours?.start).toBe('21:30');
    await page.getByRole('switch', { name: 'Quiet hours' }).uncheck();
    await updated.check();
    await expect.poll(async () => (await kept())?.types['episode_updated']).toBeUndefined();
    await expect.poll(async () => (await kept())?.quiet_hours).toBeUndefined();
  });
});
