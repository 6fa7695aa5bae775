import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Callboard } from 'callboard';
import { describe, it } from 'vitest';

import { desktop, installed, launch, openAs, openTab, phone, rowOf } from './browser';
import { Site } from './site';

// "npm run shots" takes pictures of all pages into e2e/shots: both themes, on a desk and on a phone. They are to be looked at.

const folder = join(import.meta.dirname, 'shots');

const seasons: [show: string, season: number, first: number, titles: string[]][] = [
  ['Paper Moons', 2, 1, ['How to Fold a Planet', 'The Paper Fox', 'A Very Small Eclipse', 'String and Other Rivers']],
  ['Night Desk', 3, 41, ['The Last Tram', 'Lost Property, Part One', 'Lost Property, Part Two', 'Who Feeds the Foxes']],
  ['Small Hours Kitchen', 1, 9, ['Rice at Four', 'Soup for Nine']],
];
const statuses = ['published', 'approved', 'pending', 'draft'] as const;

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Makes a few shows more than the demo has. */
async function fill(client: Callboard): Promise<void> {
  for (const [title, season, first, titles] of seasons) {
    const show = (await client.api.POST('/api/v1/shows', { body: { title } })).data?.data.id ?? '';
    for (const [i, name] of titles.entries()) {
      const body = {
        show_id: show, season_number: season, episode_number: first + i, title: name, status: statuses[i] ?? 'draft', air_date: inDays(i * 7 - 3), categories: ['Drama', 'Mystery'],
      };
      await client.api.POST('/api/v1/episodes', { body });
    }
  }
}

describe.skipIf(!installed || !process.env['SHOTS'])('pictures', () => {
  it('of all pages', { timeout: 300_000 }, async () => {
    await mkdir(folder, { recursive: true });
    const [browser, site, empty] = await Promise.all([launch(), Site.start(), Site.start({ demo: false })]);
    try {
      const { ada, ben, mira } = await site.logins();
      const client = await site.as(ben);
      await fill(client);
      await (await site.as(mira)).api.GET('/api/v1/episodes', {});
      for (const [size, viewport] of [['desktop', desktop], ['phone', phone]] as const) {
        for (const colorScheme of ['light', 'dark'] as const) {
          const name = (page: string) => join(folder, `${page}-${size}${colorScheme === 'dark' ? '-dark' : ''}.png`);
          const options = { viewport, colorScheme, deviceScaleFactor: size === 'phone' ? 2 : 1 };

          const gate = await openTab(browser, site, options);
          await gate.page.goto(`${site.url}/sign-in?next=/episodes?q=fog`);
          await gate.page.getByLabel('Email').fill(ada.email);
          await gate.page.getByLabel('Password', { exact: true }).fill('correct horse');
          await gate.page.screenshot({ path: name('sign-in') });
          await gate.close();

          const first = await openTab(browser, empty, options);
          await first.page.goto(empty.setupLink());
          await first.page.getByLabel('Name').fill('Ada Quill');
          await first.page.getByLabel('Email').fill('ada@lighthouse.example');
          await first.page.getByLabel('Password', { exact: true }).fill('keeper');
          await first.page.screenshot({ path: name('first-run') });
          await first.close();

          const list = await openAs(browser, site, ada, '/episodes', options);
          await rowOf(list.page, 'Fog Signal').waitFor();
          const id = (await rowOf(list.page, 'Fog Signal').getAttribute('data-row')) ?? '';
          const path = { id };
          await client.api.GET('/api/v1/episodes/{id}', { params: { path } });
          await client.api.POST('/api/v1/presence/viewers', { body: { resource_type: 'episode', resource_id: id, editing: 'title' } });
          const title = colorScheme === 'dark' ? 'Fog Signal' : 'Fog Signal, Again';
          await client.api.PATCH('/api/v1/episodes/{id}', { params: { path }, body: { title, air_date: inDays(colorScheme === 'dark' ? 4 : 5) } });
          await list.page.locator('[data-mark]').first().waitFor();
          await list.page.getByRole('img', { name: 'Ben Okafor is editing' }).waitFor();
          await list.page.screenshot({ path: name('episodes-table') });

          if (size === 'desktop') {
            await rowOf(list.page, 'The Other Keeper').locator('[data-cell$=title]').click();
            await list.page.keyboard.press('F2');
            await list.page.screenshot({ path: name('episodes-editing') });
            await list.page.keyboard.press('Escape');
            await list.page.keyboard.press('s');
            await list.page.getByRole('menuitemradio', { name: 'Approved' }).waitFor();
            await list.page.screenshot({ path: name('episodes-status') });
            await list.page.keyboard.press('Escape');
          }
          await client.api.POST('/api/v1/episodes', { body: { title: `One More ${name('')}` } });
          await list.page.getByRole('button', { name: /new/ }).waitFor();
          await list.page.screenshot({ path: name('episodes-waiting') });

          await list.page.goto(`${site.url}/episodes?q=keepr`);
          await list.page.getByText('No episode matches').waitFor();
          await list.page.screenshot({ path: name('episodes-no-match') });
          await list.page.goto(`${site.url}/episodes?sort=-air_date&density=compact`);
          await list.page.locator('[data-row]').first().waitFor();
          await list.page.screenshot({ path: name('episodes-by-date') });
          await list.page.goto(`${site.url}/activity?since=${inDays(-6)}&until=${inDays(0)}`);
          await list.page.locator('[data-entry]').first().waitFor();
          await list.page.getByRole('slider').waitFor();
          await list.page.screenshot({ path: name('activity') });

          await list.page.goto(`${site.url}/episodes?view=board`);
          await list.page.locator('[data-card]', { hasText: 'The Paper Fox' }).first().focus();
          await list.page.keyboard.press('Space');
          await list.page.keyboard.press('ArrowRight');
          await list.page.keyboard.press('ArrowRight');
          await list.page.screenshot({ path: name('episodes-board') });
          await list.page.keyboard.press('Escape');
          await list.page.goto(`${site.url}/episodes?view=calendar`);
          await list.page.locator('[data-day]').first().waitFor();
          await list.page.getByText('The Paper Fox').first().waitFor();
          await list.page.screenshot({ path: name('episodes-calendar') });
          const others: [page: string, address: string, shown: string][] = [
            ['people', '/people', '[data-person]'], ['users', '/people/users', '[data-user]'], ['connections', '/people/connections', 'tbody tr'], ['health', '/people/health', 'main ul li'],
            ['announce', '/people/announce', 'main form'], ['me', '/me', '[data-session]'], ['tokens', '/me/tokens', 'main h2'],
          ];
          for (const [page, address, shown] of others) {
            await list.page.goto(site.url + address);
            await list.page.locator(shown).first().waitFor();
            await list.page.screenshot({ path: name(page) });
          }
          await list.close();
        }
      }
      const away = await openAs(browser, site, ada, '/episodes');
      await away.page.locator('[data-row]').first().waitFor();
      await site.kill();
      await away.page.locator('[data-signal=offline]').waitFor({ timeout: 20_000 });
      await away.page.screenshot({ path: join(folder, 'offline-desktop.png') });
      await away.close();
    } finally {
      await browser.close();
      await Promise.all([site.stop(), empty.stop()]);
    }
  });
});
