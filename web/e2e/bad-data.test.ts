import { beforeAll, describe, expect, it } from 'vitest';
import type { Callboard, Schemas } from 'callboard';
import type { Page } from 'playwright-core';

import { desktop, expectAccessible, installed, phone } from './browser';
import { setStage } from './stage';

// What people write, and what comes in masses.

/** Does something so many times, some at once. */
async function times(n: number, act: (i: number) => Promise<unknown>): Promise<void> {
  const rest = Array.from({ length: n }, (_, i) => i);
  const work = async (): Promise<void> => {
    for (let i = rest.shift(); i !== undefined; i = rest.shift()) {
      await act(i);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

describe.skipIf(!installed)('the board bears', () => {
  const stage = setStage();
  let ada: Callboard;

  beforeAll(async () => {
    ada = await stage.site.as(stage.logins.ada);
  });

  it('what is in the storage of the browser, and addresses that lead nowhere', async () => {
    const page = await stage.open(stage.logins.ada, '/episodes');
    await page.locator('[data-row]').first().waitFor();
    await page.evaluate(async () => {
      const { data } = (await (await fetch('/api/v1/auth/me')).json()) as { data: { id: string } };
      for (const name of ['settings', 'recent', 'kept', 'draft']) {
        localStorage.setItem(`callboard.${name}.${data.id}`, '{cut off');
      }
      localStorage.setItem(`callboard.kept.${data.id}.1`, '{"began":3}');
      localStorage.setItem(`callboard.recent.${data.id}`, '[null,{"id":5}]');
      localStorage.setItem('callboard.list', '/sign-in');
    });
    await page.goto(stage.site.url);
    await page.locator('[data-row]').first().waitFor();
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox').waitFor();
    await page.goto(`${stage.site.url}/episodes?show=${crypto.randomUUID()}`);
    await page.getByText('No episode matches').waitFor();
    await page.goto(stage.site.url); // a list that is not there is no list to come back to
    await page.locator('[data-row]').first().waitFor();
    for (const [path, said] of [['/%FF', 'There is no such page'], ['/episodes/%FF', 'There is no such episode'], ['/episodes/%00', 'There is no such episode']] as const) {
      await page.goto(stage.site.url + path);
      await page.getByText(said).waitFor();
    }
  });

  describe('a title', () => {
    const family = '👩‍👩‍👧‍👦'; // seven characters that are one
    const titles = {
      'of 255 letters from right to left': 'XA '.padEnd(255, 'שלום עולם '),
      'of 255 letters without a space': 'XB '.padEnd(255, 'W'),
      'of emoji': `XC ${family.repeat(36)}`,
      'like HTML': 'XD <img src=x onerror=alert(1)><script>alert(2)</script>{{1+1}}&amp;',
    };

    /** Nothing of a title was taken for anything but text, and it has pushed nothing off the screen. */
    async function checkPage(page: Page, where: string): Promise<void> {
      const look = () =>
        page.evaluate(() => {
          const sheet = document.getElementById('page');
          return {
            wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
            sheet: (sheet?.scrollWidth ?? 0) - (sheet?.clientWidth ?? 0),
            images: document.querySelectorAll('img[src="x"], script:not([src])').length,
          };
        });
      await expect.poll(look, { message: where }).toEqual({ wide: 0, sheet: 0, images: 0 }); // a chart follows its place a moment later
    }

    it.each(Object.entries(titles))('%s, wherever it is shown', async (_, title) => {
      const day = new Date().toISOString().slice(0, 10);
      const q = encodeURIComponent(title.slice(0, 3));
      const id = await stage.make({ title: title.slice(0, 2), air_date: day, status: 'pending' });
      await ada.api.PUT('/api/v1/watches/{type}/{id}', { params: { path: { type: 'episode', id } } });
      await stage.change(id, { title });
      const shown = title.replace(/\s+/g, ' ').trim();
      const begin = shown.slice(0, 14); // the log and notes hold what fits a line of theirs
      const page = await stage.open(stage.logins.ada, '/episodes');
      let dialogs = 0;
      page.on('dialog', (dialog) => {
        dialogs++;
        void dialog.dismiss();
      });
      const see = async (path: string, words: string): Promise<void> => {
        await page.goto(stage.site.url + path);
        await page.locator('#page').getByText(words).first().waitFor();
        await checkPage(page, path);
      };
      for (const viewport of [desktop, phone]) {
        await page.setViewportSize(viewport);
        for (const path of [`/episodes?q=${q}`, `/episodes?view=board&q=${q}`, `/episodes?view=calendar&q=${q}`]) {
          await see(path, shown);
        }
        await see('/activity', begin);
        await see('/inbox', begin);
        const note = page.locator('[data-note]', { hasText: begin }).first();
        await note.click();
        await page.locator('[data-note][aria-current=true], h2').first().waitFor();
        await checkPage(page, 'a note');
        await see(`/episodes/${id}`, shown);
        await expect.poll(() => page.title()).toContain(shown);
        await page.keyboard.press('Control+k');
        await page.getByRole('option').getByText(shown).first().waitFor();
        await page.getByRole('combobox').fill(title.slice(0, 3));
        await page.getByRole('option').getByText(shown).first().waitFor();
        await checkPage(page, 'the palette');
        await page.keyboard.press('Escape');
      }
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Delete episode' }).click();
      await page.getByText(`Deleted ${shown}`).waitFor();
      await checkPage(page, 'a toast');
      expect(dialogs).toBe(0);
    });
  });

  it('200 people on one episode', async () => {
    const id = await stage.make({ title: 'YA Title' });
    const users: string[] = [];
    await times(200, async (i) => {
      const name = `Viewer ${String(i).padStart(3, '0')}`;
      const { data } = await ada.api.POST('/api/v1/users', { body: { name, email: `viewer-${i}@example.org`, role: 'viewer' } });
      users.push(data?.data.id ?? '');
    });
    const page = await stage.open(stage.logins.tom, `/episodes/${id}`);
    await times(users.length, async (i) => {
      await ada.api.POST('/api/v1/presence/viewers', { body: { resource_type: 'episode', resource_id: id, user_id: users[i] ?? '' } });
    });
    const more = page.getByRole('button', { name: '201 people are looking at this' });
    await more.getByText('+197').waitFor();
    await more.click();
    const list = page.getByRole('list', { name: '201 people are looking at this' });
    expect(await list.getByRole('listitem').count()).toBe(201); // the live list has 200, and how many more there are
    await list.getByText('and 1 more').waitFor();
    await expectAccessible(page, '[role=dialog]');
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    const other = await stage.open(stage.logins.ada, `/episodes?q=YA `);
    await other.getByText('+197').waitFor();
    await stage.change(id, { title: 'YA Renamed' });
    await page.getByRole('heading', { name: 'YA Renamed' }).waitFor();
  });

  it('5,000 unread notes', async () => {
    const { data: me } = await (await stage.site.as(stage.logins.tom)).api.GET('/api/v1/auth/me');
    const tom = me?.data.id ?? '';
    await times(5000, async (i) => {
      const { error } = await ada.api.POST('/api/v1/notifications', {
        body: { user_id: [tom], type: 'cut_ready', message: `Cut ${i} is ready`, priority: 'high', resource_type: 'cut', resource_id: `v${i}` } satisfies Schemas['NotificationCreateInputBody'],
      });
      expect(error).toBeUndefined();
    });
    const page = await stage.open(stage.logins.tom, '/inbox');
    const other = await stage.open(stage.logins.tom, '/inbox?show=unread');
    for (const tab of [page, other]) {
      await tab.getByRole('link', { name: /Inbox/ }).getByText('99+', { exact: true }).waitFor();
      await expect.poll(() => tab.title()).toMatch(/^\(99\+\) /);
    }
    const rows = page.locator('[data-note]');
    await rows.first().waitFor();
    const first = await rows.count();
    expect(first).toBeLessThan(200);
    await rows.last().scrollIntoViewIfNeeded();
    await expect.poll(() => rows.count()).toBeGreaterThan(first);
    await page.getByRole('button', { name: 'Read all' }).click();
    await page.getByText(/^5,00\d notes read/).waitFor();
    await page.getByText('Undo takes back the newest 1,000 of them.').waitFor();
    for (const tab of [page, other]) {
      await tab.getByText('99+', { exact: true }).waitFor({ state: 'detached' });
      await expect.poll(() => tab.title()).toMatch(/^Inbox/);
      await tab.getByRole('img', { name: 'Unread' }).first().waitFor({ state: 'detached' });
    }
    const { data } = await (await stage.site.as(stage.logins.tom)).api.GET('/api/v1/notifications/unread-count');
    expect(data?.data.unread_count).toBe(0);
  });
});
