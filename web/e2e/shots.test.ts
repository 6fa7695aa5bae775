import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';

import { desktop, fileInHand, forget, installed, openAs, openTab, phone, rowOf, type Tab } from './browser';
import { inDays, makeScene, sheet, unclear, type Scene } from './scene';
import { Site, type Login } from './site';
import { setStage } from './stage';

// "SHOTS=a-folder npm run shots" takes pictures of all pages into that folder: both themes, on a desk and on a phone. They are to be looked at.
// "npm run shots -- -t inbox" takes those of the inbox alone.

const folder = process.env['SHOTS'] ?? '';

interface Look {
  size: 'desktop' | 'phone';
  colorScheme: 'light' | 'dark';
}

const looks: Look[] = [
  { size: 'desktop', colorScheme: 'light' },
  { size: 'desktop', colorScheme: 'dark' },
  { size: 'phone', colorScheme: 'light' },
  { size: 'phone', colorScheme: 'dark' },
];

const optionsOf = ({ size, colorScheme }: Look): BrowserContextOptions =>
  ({ viewport: size === 'phone' ? phone : desktop, colorScheme, locale: 'en-GB', ...(size === 'phone' && { hasTouch: true, isMobile: true, deviceScaleFactor: 2 }) });

async function shoot(page: Page, name: string, { size, colorScheme }: Look): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const short = document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().endTime) < 1000); // a mark stays for longer, and a bar without end
    await Promise.all(short.map(({ finished }) => finished.catch(() => undefined)));
  });
  await page.screenshot({ path: join(folder, `${name}-${size}${colorScheme === 'dark' ? '-dark' : ''}.png`) });
}

/** Drops a file on the page, as a hand would. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  await page.dispatchEvent('main', 'drop', { dataTransfer: await fileInHand(page, name, content, 'text/csv') });
}

/** What a picture is of: what is shown at an address, after what is done there. */
interface Picture {
  name: string;
  at: string | ((scene: Scene) => string);
  /** What has to be there. */
  shown: string;
  then?: (page: Page, look: Look) => Promise<unknown>;
  only?: Look['size'];
}

describe.skipIf(!installed || !folder)('pictures', () => {
  const stage = setStage();
  let scene: Scene;
  let times = 0;
  const others: Tab[] = []; // who is in meanwhile

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    scene = await makeScene(stage);
    for (const [login, path] of [[stage.logins.mira, `/episodes/${scene.episode}`], [stage.logins.ben, '/activity'], [stage.logins.tom, '/people']] as const) {
      others.push(await openAs(stage.browser, stage.site, login, path));
    }
  });
  afterAll(async () => {
    for (const { close } of others) {
      await close();
    }
  });

  /** Has a colleague change an episode, to what it was not before. */
  async function changed(title: string): Promise<void> {
    const { data } = await stage.ben.api.GET('/api/v1/episodes', { params: { query: { q: title } } });
    const id = data?.data[0]?.id ?? '';
    times++;
    await stage.ben.api.POST('/api/v1/presence/viewers', { body: { resource_type: 'episode', resource_id: id, editing: 'title' } });
    await stage.change(id, { title: times % 2 ? `${title}, Again` : title, status: times % 2 ? 'pending' : 'rejected', air_date: inDays(5 + (times % 3)) });
  }

  async function selected(page: Page, look: Look): Promise<void> {
    if (look.size === 'phone') {
      const cell = rowOf(page, 'The Lamp Room').locator('[data-cell]');
      await cell.dispatchEvent('pointerdown', { pointerType: 'touch' }); // a finger that rests
      await page.getByRole('toolbar').waitFor();
      await cell.dispatchEvent('pointerup', { pointerType: 'touch' });
      await rowOf(page, 'Low Water').tap();
      await page.getByText('2 selected').waitFor();
      return;
    }
    await rowOf(page, 'Low Water').getByRole('checkbox').check();
    await rowOf(page, 'The Lamp Room').getByRole('checkbox').click({ modifiers: ['Shift'] });
    await page.getByRole('toolbar').waitFor();
  }

  const open = (name: RegExp | string) => (page: Page) => page.getByRole('button', { name }).first().click();
  const press = (...keys: string[]) => async (page: Page) => {
    for (const key of keys) {
      await page.keyboard.press(key);
    }
  };

  const pictures: Picture[] = [
    {
      name: 'episodes-table', at: '/episodes', shown: '[data-row]',
      then: async (page) => {
        await changed('Fog Signal');
        await page.locator('[data-mark]').first().waitFor();
        await page.getByRole('img', { name: 'Ben Okafor is editing' }).first().waitFor();
      },
    },
    { name: 'episodes-selection', at: '/episodes', shown: '[data-row]', then: selected },
    {
      name: 'episodes-editing', at: '/episodes', shown: '[data-row]', only: 'desktop',
      then: async (page) => {
        await rowOf(page, 'Cast Off').locator('[data-cell$=title]').click();
        await page.keyboard.press('F2');
      },
    },
    {
      name: 'episodes-status', at: '/episodes', shown: '[data-row]', only: 'desktop',
      then: async (page) => {
        await rowOf(page, 'Cast Off').locator('[data-cell$=title]').click();
        await page.keyboard.press('s');
        await page.getByRole('menuitemradio', { name: 'Approved' }).waitFor();
      },
    },
    {
      name: 'episodes-deleted-now', at: '/episodes?q=waits', shown: 'main',
      then: async (page) => {
        const gone = await stage.make({ title: 'One that waits' });
        await page.reload();
        await page.locator('[data-signal=live]').waitFor();
        await rowOf(page, 'One that waits').hover();
        await stage.ben.api.DELETE('/api/v1/episodes/{id}', { params: { path: { id: gone } } });
        await rowOf(page, 'One that waits').getByText('deleted this').waitFor();
        const id = await stage.make({ title: 'Another that waits' });
        await page.getByRole('button', { name: '1 new' }).waitFor();
        await stage.ben.api.DELETE('/api/v1/episodes/{id}', { params: { path: { id } } });
      },
    },
    { name: 'episodes-filter', at: '/episodes?status=approved,pending', shown: '[data-row]', then: open(/^Status/) },
    { name: 'episodes-columns', at: '/episodes', shown: '[data-row]', then: open('Columns'), only: 'desktop' },
    { name: 'episodes-by-date', at: '/episodes?sort=-air_date&density=compact', shown: '[data-row]' },
    { name: 'episodes-roomy', at: '/episodes?density=roomy&cols=number,title,status,air_date,created,version,changed', shown: '[data-row]', only: 'desktop' },
    { name: 'episodes-of-deleted', at: '/episodes?deleted=1', shown: '[data-row], main h2' },
    { name: 'episodes-no-match', at: '/episodes?q=keepr', shown: 'main h2' },
    { name: 'episodes-new', at: '/episodes?new=1', shown: 'dialog input' },
    { name: 'episodes-board', at: '/episodes?view=board', shown: '[data-card]' },
    {
      name: 'episodes-board-carried', at: '/episodes?view=board', shown: '[data-card]', only: 'desktop',
      then: async (page) => {
        await page.locator('[data-card]', { hasText: 'The Paper Fox' }).first().focus();
        await press('Space', 'ArrowRight', 'ArrowRight')(page);
      },
    },
    { name: 'episodes-calendar', at: '/episodes?view=calendar', shown: '[data-chip], [data-day]' },
    {
      name: 'episode', at: ({ episode }) => `/episodes/${episode}`, shown: '[data-title]',
      then: async (page) => {
        const path = { id: scene.episode };
        await stage.ben.api.POST('/api/v1/presence/viewers', { body: { resource_type: 'episode', resource_id: scene.episode, editing: 'description' } });
        times++;
        await stage.ben.api.PATCH('/api/v1/episodes/{id}', { params: { path }, body: { air_date: inDays(9 + (times % 2)) } });
        await page.locator('[data-mark]').first().waitFor();
        await page.getByText('Ben is editing').first().waitFor();
      },
    },
    { name: 'episode-timeline', at: ({ episode }) => `/episodes/${episode}?part=timeline`, shown: '[data-entry]' },
    { name: 'episode-files', at: ({ episode }) => `/episodes/${episode}?part=files`, shown: '[data-file]' },
    { name: 'episode-jobs', at: ({ episode }) => `/episodes/${episode}?part=jobs`, shown: 'main section' },
    { name: 'episode-editing', at: ({ episode }) => `/episodes/${episode}`, shown: '[data-title]', then: press('e') },
    { name: 'episode-more', at: ({ episode }) => `/episodes/${episode}`, shown: '[data-title]', then: open('More') },
    {
      name: 'conflict', at: ({ episode }) => `/episodes/${episode}`, shown: '[data-title]',
      then: async (page) => {
        const was = (await stage.read(scene.episode))?.title;
        await press('F2')(page);
        await page.getByLabel('Title', { exact: true }).fill('The Other Keeper of Rook Point');
        await stage.change(scene.episode, { title: was === 'The Other Keeper' ? 'The Other Keeper, Waiting' : 'The Other Keeper' });
        await page.getByText(/Ben changed this/).first().waitFor();
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Save these choices' }).waitFor();
      },
    },
    { name: 'file', at: ({ episode, picture }) => `/episodes/${episode}/files/${picture}`, shown: 'dialog img' },
    { name: 'episode-gone', at: '/episodes/018f0000-0000-7000-8000-000000000000', shown: 'main h2' },
    { name: 'inbox', at: '/inbox', shown: 'main li', then: (page, { size }) => (size === 'phone' ? Promise.resolve() : page.locator('main li').nth(1).click()) },
    { name: 'inbox-note', at: '/inbox', shown: 'main li', only: 'phone', then: (page) => page.locator('main li').nth(1).click() },
    { name: 'inbox-archived', at: '/inbox?show=archived', shown: 'main h2' },
    {
      name: 'inbox-why', at: '/inbox', shown: 'main li',
      then: async (page) => {
        await page.locator('main li').nth(1).click();
        await page.getByRole('link', { name: 'Why did I get this?' }).click();
        await page.locator('[data-step=socket]').waitFor();
      },
    },
    { name: 'preferences', at: '/inbox/preferences', shown: 'main table' },
    { name: 'activity', at: `/activity?since=${inDays(-6)}&until=${inDays(0)}`, shown: '[data-entry]', then: (page) => page.getByRole('slider').waitFor() },
    { name: 'activity-plain', at: '/activity', shown: '[data-entry]' },
    {
      name: 'activity-why', at: '/activity', shown: '[data-entry]',
      then: async (page) => {
        await page.getByRole('link', { name: /^Who got this\? (?!Ada)/ }).first().click();
        await page.locator('[data-step]').first().waitFor();
        await page.getByLabel('Person').selectOption({ label: 'Tom Reyes' });
        await page.getByRole('heading', { name: /^Tom Reyes / }).waitFor();
        await page.locator('[data-step]').first().waitFor();
      },
    },
    { name: 'activity-search', at: '/activity?q=keeper', shown: '[data-entry]' },
    { name: 'activity-nothing', at: '/activity?since=2020-01-01&until=2020-01-05', shown: 'main h2' },
    { name: 'jobs', at: '/jobs', shown: '[data-job]' },
    { name: 'job', at: ({ job }) => `/jobs/${job}`, shown: 'dialog' },
    { name: 'import-file', at: '/import', shown: 'main h2' },
    { name: 'import-columns', at: ({ show }) => `/import?show=${show}`, shown: 'main h2', then: (page) => drop(page, 'lighthouse-nine-season-2.csv', sheet).then(() => page.getByRole('button', { name: /^Check all/ }).waitFor()) },
    { name: 'import-question', at: ({ show }) => `/import?show=${show}`, shown: 'main h2', then: (page) => drop(page, 'unclear.csv', unclear).then(() => page.getByRole('region', { name: 'One question' }).waitFor()) },
    {
      name: 'import-check', at: ({ show }) => `/import?show=${show}`, shown: 'main h2',
      then: async (page) => {
        await drop(page, 'lighthouse-nine-season-2.csv', sheet);
        await page.getByRole('button', { name: /^Check all/ }).click();
        await page.getByText(/rows can be imported/).waitFor();
      },
    },
    { name: 'import-done', at: ({ job }) => `/import?job=${job}`, shown: 'main h2' },
    { name: 'people', at: '/people', shown: '[data-person]' },
    { name: 'users', at: '/people/users', shown: '[data-user]' },
    { name: 'users-menu', at: '/people/users', shown: '[data-user]', then: open('More for Ben Okafor') },
    { name: 'users-add', at: '/people/users', shown: '[data-user]', then: open('Add a person') },
    { name: 'connections', at: '/people/connections', shown: 'tbody tr' },
    { name: 'health', at: '/people/health', shown: 'main ul li' },
    { name: 'announce', at: '/people/announce', shown: 'main form', then: (page) => page.getByLabel('Message').fill('The building closes at six today. Save your mixes before that.') },
    { name: 'me', at: '/me', shown: '[data-session]' },
    { name: 'me-end', at: '/me', shown: '[data-session]', then: (page) => page.locator('[data-session]').last().scrollIntoViewIfNeeded() },
    { name: 'tokens', at: '/me/tokens', shown: 'main table, main h2' },
    { name: 'tokens-new', at: '/me/tokens', shown: 'main table, main h2', then: open('New token') },
    { name: 'me-menu', at: '/episodes', shown: '[data-row]', then: open(/Ada Quill/) },
    { name: 'palette', at: '/episodes', shown: '[data-row]', then: (page) => press('Control+k')(page).then(() => page.getByRole('combobox').fill('keep')).then(() => page.getByRole('option', { name: /The Other Keeper/ }).waitFor()) },
    { name: 'palette-empty', at: '/episodes', shown: '[data-row]', then: (page) => press('Control+k')(page).then(() => page.getByRole('option').first().waitFor()) },
    { name: 'shortcuts', at: '/episodes', shown: '[data-row]', then: (page) => press('?')(page).then(() => page.getByRole('dialog').waitFor()) },
    {
      name: 'toasts', at: '/episodes', shown: '[data-row]', only: 'desktop',
      then: async (page) => {
        await rowOf(page, 'Low Water').locator('[data-cell$=title]').click();
        await press('s')(page);
        await page.getByRole('menuitemradio', { checked: false }).first().click();
        await page.getByRole('button', { name: 'Undo' }).waitFor();
      },
    },
    { name: 'no-page', at: '/people/nothing', shown: 'main h2' },
  ];

  /** Takes a picture in each look. */
  async function take(login: Login, { name, at, shown, then, only }: Picture): Promise<void> {
    for (const look of looks.filter(({ size }) => !only || only === size)) {
      const page = await stage.open(login, typeof at === 'string' ? at : at(scene), optionsOf(look));
      await page.locator(shown).first().waitFor();
      await then?.(page, look);
      await shoot(page, name, look);
      await stage.closePages();
    }
  }

  it.each(pictures)('$name', { timeout: 180_000 }, (picture) => take(stage.logins.ada, picture));

  const ofViewers: Picture[] = [
    { name: 'viewer-episodes', at: '/episodes', shown: '[data-row]' },
    { name: 'viewer-episode', at: ({ episode }) => `/episodes/${episode}`, shown: '[data-title]' },
    { name: 'viewer-health', at: '/people/health', shown: 'main h2' },
    { name: 'viewer-jobs', at: '/jobs', shown: 'main h2' },
  ];

  it.each(ofViewers)('$name', { timeout: 180_000 }, (picture) => take(stage.logins.tom, picture));

  it('sign-in', { timeout: 180_000 }, async () => {
    for (const look of looks) {
      const { page, close } = await openTab(stage.browser, stage.site, optionsOf(look));
      await page.goto(`${stage.site.url}/sign-in?next=/episodes?q=fog`);
      await page.getByLabel('Email').fill(stage.logins.ada.email);
      await page.getByLabel('Password', { exact: true }).fill('correct horse');
      await shoot(page, 'sign-in', look);
      await page.keyboard.press('Enter');
      await page.getByText('Email and password do not match.').waitFor();
      await shoot(page, 'sign-in-wrong', look);
      await close();
    }
  });

  it('session-over', { timeout: 180_000 }, async () => {
    const yuki = { role: 'editor', name: 'Yuki Tanabe', email: 'yuki@demo.callboard.test', password: 'correct horse battery' };
    const client = await stage.site.as(yuki);
    for (const look of looks) {
      const page = await stage.open(yuki, '/episodes', optionsOf(look));
      await page.locator('[data-row]').first().waitFor();
      await client.api.DELETE('/api/v1/auth/sessions');
      await page.getByRole('form', { name: 'Sign in' }).waitFor();
      await shoot(page, 'session-over', look);
      await stage.closePages();
      forget(stage.site, yuki);
    }
  });

  it('offline', { timeout: 180_000 }, async () => {
    const tabs: [Look, Page][] = [];
    for (const look of looks) {
      tabs.push([look, await stage.open(stage.logins.ada, '/episodes', optionsOf(look))]);
    }
    await stage.site.kill();
    for (const [look, page] of tabs) {
      await page.locator('[data-signal=offline]').waitFor({ timeout: 30_000 });
      await shoot(page, 'offline', look);
    }
  });
});

describe.skipIf(!installed || !folder)('pictures of a board that is new', () => {
  const stage = setStage();
  let site: Site;
  let tab: Tab | undefined;
  const ada = { role: 'admin', name: 'Ada Quill', email: 'ada@lighthouse.example', password: 'correct horse battery' };

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    site = await Site.start({ demo: false });
  });
  afterAll(async () => {
    await tab?.close();
    await site?.stop();
  });

  it('first-run and what is empty', { timeout: 300_000 }, async () => {
    for (const look of looks) {
      const first = await openTab(stage.browser, site, optionsOf(look));
      await first.page.goto(site.setupLink());
      await first.page.getByLabel('Name').fill(ada.name);
      await first.page.getByLabel('Email').fill(ada.email);
      await first.page.getByLabel('Password', { exact: true }).fill('keeper');
      await shoot(first.page, 'first-run', look);
      await first.close();
    }
    const token = new URL(site.setupLink()).searchParams.get('token');
    await fetch(`${site.url}/api/v1/auth/setup`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...ada, role: undefined, token }) });
    const places = [
      ['episodes', '/episodes'], ['board', '/episodes?view=board'], ['calendar', '/episodes?view=calendar'], ['inbox', '/inbox'], ['activity', '/activity'], ['jobs', '/jobs'], ['people', '/people'],
      ['tokens', '/me/tokens'],
    ] as const;
    for (const look of looks) {
      tab = await openAs(stage.browser, site, ada, '/episodes', optionsOf(look));
      for (const [name, path] of places) {
        await tab.page.goto(site.url + path);
        await tab.page.locator('main h1, main header').first().waitFor();
        await tab.page.waitForLoadState('networkidle');
        await shoot(tab.page, `empty-${name}`, look);
      }
      await tab.close();
      tab = undefined;
    }
  });
});
