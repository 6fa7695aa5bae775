import { beforeAll, describe, expect, it } from 'vitest';
import type { Callboard } from 'callboard';
import type { Page } from 'playwright-core';

import { forget, installed, rowOf } from './browser';
import type { Login } from './site';
import { setStage } from './stage';

// What goes wrong with a board that is open all day: at real servers, which really end.

describe.skipIf(!installed)('on a bad day', () => {
  const stage = setStage();
  let ada: Callboard;

  beforeAll(async () => {
    ada = await stage.site.as(stage.logins.ada);
  });

  const titleOf = async (id: string) => (await stage.read(id))?.title;
  const descriptionOf = async (id: string) => (await stage.read(id))?.description;

  /** Writes a title on the page of an episode. */
  async function retitle(page: Page, title: string): Promise<void> {
    await page.locator('[data-cell=title]').click();
    await page.getByLabel('Title', { exact: true }).fill(title);
    await page.keyboard.press('Enter');
  }

  /** Opens the description of an episode, and types into it. */
  async function describeIt(page: Page, words: string): Promise<void> {
    await page.locator('[data-cell=description]').click();
    await page.getByRole('textbox', { name: 'Description' }).fill(words);
  }

  const live = (page: Page) => page.locator('[data-signal=live]').waitFor({ timeout: 20_000 });

  /** Cuts the page off, and waits until it knows. */
  async function cutOff(page: Page): Promise<void> {
    await page.context().setOffline(true);
    await page.locator('[data-signal=offline]').waitFor();
  }

  const join = (page: Page) => page.context().setOffline(false);

  /** The device has no room from the next page on. */
  const fill = (page: Page) =>
    page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      };
    });

  async function roleOf(login: Login, role: 'editor' | 'viewer'): Promise<void> {
    const { data } = await ada.api.GET('/api/v1/users', { params: { query: { limit: 200 } } });
    const id = data?.data.find(({ email }) => email === login.email)?.id ?? '';
    expect((await ada.api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body: { role } })).error).toBeUndefined();
  }

  it('keeps what is typed while nobody answers, through a reload, and saves it in order', async () => {
    const [first, second] = [await stage.make({ title: 'BA First' }), await stage.make({ title: 'BA Second' })];
    const page = await stage.open(stage.logins.ada, '/episodes?q=BA ');
    await rowOf(page, 'BA First').waitFor();
    await cutOff(page);
    const edit = async (id: string, title: string): Promise<void> => {
      await page.locator(`[data-row="${id}"] [data-cell$=title]`).focus();
      await page.keyboard.press('F2');
      await page.locator(`[data-row="${id}"] input:not([type=checkbox])`).fill(title);
      await page.keyboard.press('Enter');
    };
    await edit(first, 'BA First, Typed');
    await page.getByText('Title: not saved yet.').waitFor();
    await edit(second, 'BA Second, Typed');
    await page.getByText('2 edits wait.').waitFor();
    await rowOf(page, 'BA First, Typed').getByRole('img', { name: 'Not saved yet' }).waitFor();
    expect(await titleOf(first)).toBe('BA First');
    await join(page);
    await stage.site.kill(); // the page that comes back finds nobody, and then what was kept
    await stage.site.up();
    await page.reload();
    await live(page); // from when on it is sent
    await expect.poll(() => titleOf(first), { timeout: 20_000 }).toBe('BA First, Typed');
    await expect.poll(() => titleOf(second), { timeout: 20_000 }).toBe('BA Second, Typed');
    await page.getByRole('img', { name: 'Not saved yet' }).first().waitFor({ state: 'detached' });
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('callboard.kept')))).toEqual([]);
  });

  it('asks whose shall be, when somebody else changed the same meanwhile', async () => {
    const id = await stage.make({ title: 'BB Title' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    await cutOff(page);
    await retitle(page, 'BB Mine');
    await page.getByText('1 edit waits.').waitFor();
    await stage.change(id, { title: 'BB Theirs' });
    await join(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('BB Theirs').waitFor({ timeout: 20_000 });
    await dialog.getByText('BB Mine').waitFor();
    await dialog.getByRole('button', { name: 'Save these choices' }).click();
    await expect.poll(() => titleOf(id)).toBe('BB Mine');
  });

  it('goes on by itself after the server was killed, with what others did and what was typed meanwhile', async () => {
    const id = await stage.make({ title: 'BC Title', description: 'Before.' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    await describeIt(page, 'Typed before');
    const loaded = await page.evaluate(() => performance.timeOrigin);
    await stage.site.kill();
    await page.locator('[data-signal=reconnecting]').waitFor();
    await page.getByRole('textbox', { name: 'Description' }).fill('Typed while nobody was there');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Description: not saved yet.').waitFor();
    await stage.site.up();
    await stage.change(id, { title: 'BC Title, by Ben' });
    await live(page);
    await page.getByRole('heading', { name: 'BC Title, by Ben' }).waitFor();
    await expect.poll(() => descriptionOf(id)).toBe('Typed while nobody was there');
    await page.getByText('Not saved: the server did not answer.').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded);
  });

  it('asks to sign in over an edit, and saves it then', async () => {
    const id = await stage.make({ title: 'BD Title', description: 'Before.' });
    const page = await stage.open(stage.logins.mira, `/episodes/${id}`);
    await describeIt(page, 'Typed as the session ended');
    forget(stage.site, stage.logins.mira);
    await (await stage.site.as(stage.logins.mira)).api.DELETE('/api/v1/auth/sessions');
    const slip = page.getByRole('dialog', { name: 'Sign in' });
    await slip.getByText('nothing you typed is lost').first().waitFor();
    await page.getByText('Typed as the session ended').waitFor(); // below the slip
    await slip.getByLabel('Password', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await slip.getByText('Email and password do not match.').waitFor();
    expect(await descriptionOf(id)).toBe('Before.');
    await slip.getByLabel('Password', { exact: true }).fill(stage.logins.mira.password);
    await page.keyboard.press('Enter');
    await slip.waitFor({ state: 'detached' });
    await live(page);
    await page.locator('[data-cell=title]').click(); // an edit that is still open is saved when it is left
    await expect.poll(() => descriptionOf(id)).toBe('Typed as the session ended');
  });

  it('says that a role no longer allows an edit, and gives back what was typed', async () => {
    const id = await stage.make({ title: 'BE Title', description: 'Before.' });
    const page = await stage.open(stage.logins.mira, `/episodes/${id}`);
    await describeIt(page, 'Typed by an editor');
    try {
      await roleOf(stage.logins.mira, 'viewer');
      await page.getByText('You are a viewer now').waitFor();
      await page.getByText('Your role no longer allows this. It is not saved.').waitFor();
      const typed = page.getByRole('textbox', { name: 'Description' });
      expect([await typed.inputValue(), await typed.isEditable()]).toEqual(['Typed by an editor', false]);
      for (const name of ['Upload', 'Title', 'More', 'Jobs']) {
        expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
      }
      expect(await page.locator('[data-cell], nav >> text=Jobs').count()).toBe(0);
      await roleOf(stage.logins.mira, 'editor');
      await page.getByText('You are an editor now').waitFor();
      await page.getByRole('textbox', { name: 'Description' }).press('Control+Enter');
      await expect.poll(() => descriptionOf(id)).toBe('Typed by an editor');

      await cutOff(page);
      await retitle(page, 'BE Typed');
      await page.getByText('1 edit waits.').waitFor();
      await roleOf(stage.logins.mira, 'viewer');
      await join(page);
      await page.getByText('Not saved: BE Title').waitFor({ timeout: 20_000 });
      await page.getByText('What you typed is kept.').waitFor();
      await page.reload();
      expect(await page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('BE Typed');
      await page.getByRole('button', { name: 'Discard mine' }).click();
      await page.getByRole('heading', { name: 'BE Title' }).waitFor();
      expect(await titleOf(id)).toBe('BE Title');
    } finally {
      await roleOf(stage.logins.mira, 'editor');
    }
  });

  it('keeps edits for an hour, and asks of those alone that somebody else has changed', async () => {
    const id = await stage.make({ title: 'BF Title', description: 'Before.', air_date: '2027-03-01' });
    const page = await stage.open(stage.logins.ada, `/episodes/${id}`);
    await page.clock.install();
    await cutOff(page);
    await retitle(page, 'BF Mine');
    await describeIt(page, 'Mine, after an hour');
    await page.keyboard.press('Control+Enter');
    await page.getByText('2 edits wait.').waitFor();
    await stage.change(id, { title: 'BF Theirs', air_date: '2027-03-02' });
    await page.clock.fastForward('01:00:00');
    await page.getByText('2 edits wait.').waitFor();
    await join(page);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('BF Theirs').waitFor({ timeout: 20_000 });
    await dialog.getByText('Ben saved while you were typing').first().waitFor(); // and not she, who saved the description since
    expect(await dialog.getByRole('group').count()).toBe(1); // of the title alone
    await dialog.getByRole('button', { name: 'Take all' }).click();
    await dialog.getByRole('button', { name: 'Save these choices' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => {
      const { title, description, air_date } = (await stage.read(id)) ?? {};
      return [title, description, air_date];
    }).toEqual(['BF Theirs', 'Mine, after an hour', '2027-03-02']);
    await page.getByRole('heading', { name: 'BF Theirs' }).waitFor();
    await page.getByText('2 Mar 2027').first().waitFor();
  });

  it('keeps by itself what the device has no room for, and says so', async () => {
    const id = await stage.make({ title: 'BG Title' });
    const page = await stage.open(stage.logins.ada, '/episodes?q=BG ');
    await fill(page);
    await page.goto(`${stage.site.url}/episodes/${id}`);
    await live(page);
    await retitle(page, 'BG Saved');
    await expect.poll(() => titleOf(id)).toBe('BG Saved');
    await cutOff(page);
    await retitle(page, 'BG Kept');
    await page.getByText('This device has no room to keep it').waitFor();
    await page.getByText('1 edit waits.').waitFor();
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await join(page);
    await expect.poll(() => titleOf(id), { timeout: 20_000 }).toBe('BG Kept');
    await page.getByRole('button', { name: 'Fold the sidebar' }).click(); // what else is kept on the device does no harm
  });

  it.each([26, -26])('goes by the clock of the server, when its own is %i hours off', async (hours) => {
    const hour = 3_600_000; // ms
    const day = new Date().toISOString().slice(0, 10);
    const id = await stage.make({ title: `BH ${hours}`, air_date: day });
    const page = await stage.open(stage.logins.ada, '/episodes?q=BH ', { timezoneId: 'UTC' });
    await page.clock.setFixedTime(Date.now() + hours * hour);
    await page.goto(`${stage.site.url}/episodes?q=${encodeURIComponent(`BH ${hours}`)}`);
    await page.locator(`[data-row="${id}"] time`).getByText('now', { exact: true }).waitFor();
    await page.goto(`${stage.site.url}/episodes?view=calendar&q=BH `);
    const now = page.locator('[data-day][aria-current=date]');
    await now.getByText(`BH ${hours}`).waitFor();
    expect(await now.getAttribute('data-day')).toBe(day);
    await page.goto(`${stage.site.url}/episodes/${id}`);
    await page.getByText('just now').waitFor();
    await page.getByText('today', { exact: true }).waitFor();
    await page.getByRole('complementary', { name: 'Timeline' }).getByText('Today').waitFor();
    await page.goto(`${stage.site.url}/me`);
    await page.locator('[data-session=current]').getByText('last used today').waitFor();
    await page.context().setOffline(true);
    await page.getByText(/^Offline since /).waitFor();
    const since = /(\d\d):(\d\d)/.exec(await page.getByText(/^Offline since /).innerText());
    const minutes = (Number(since?.[1]) * 60 + Number(since?.[2]) - Math.floor((Date.now() / 60_000) % 1440)) % 1440;
    expect(Math.abs(minutes)).toBeLessThan(3);
  });

  it('brings three people to one state, who see each other, and have a conflict resolved field by field', async () => {
    const id = await stage.make({ title: 'BI Title', season_number: 21 });
    const [one, two, three] = await Promise.all([stage.logins.ada, stage.logins.ben, stage.logins.mira].map((login) => stage.open(login, `/episodes/${id}`))) as [Page, Page, Page];
    await one.getByText(/^(Ben, Mira|Mira, Ben) and you are looking$/).waitFor();
    await two.getByText(/^(Ada, Mira|Mira, Ada) and you are looking$/).waitFor();
    await three.getByText(/^(Ada, Ben|Ben, Ada) and you are looking$/).waitFor();
    const open = async (page: Page, season: string, episode: string): Promise<void> => {
      await page.locator('[data-cell=number]').click();
      await page.getByRole('textbox', { name: 'Season' }).fill(season);
      await page.getByRole('textbox', { name: 'Episode' }).fill(episode);
    };
    await open(one, '22', '5');
    await two.getByText('Ada is editing').first().waitFor();
    await three.getByText('Ada is editing').first().waitFor();
    await open(two, '23', '7');
    await one.getByText('Ben is editing too').waitFor();
    await two.keyboard.press('Enter');
    await three.getByRole('button', { name: 'Season and episode, edit' }).getByText('23').waitFor();
    expect(await one.getByRole('textbox', { name: 'Season' }).inputValue()).toBe('22'); // nobody writes into what she types
    await retitle(three, 'BI Title, by Mira');
    await one.getByRole('heading', { name: 'BI Title, by Mira' }).waitFor();
    await one.getByRole('textbox', { name: 'Episode' }).press('Enter');
    const dialog = one.getByRole('dialog');
    await dialog.getByRole('group', { name: 'Season' }).getByRole('radio').first().check(); // mine
    await dialog.getByRole('group', { name: 'Episode' }).getByRole('radio').last().check(); // theirs
    await dialog.getByRole('button', { name: 'Save these choices' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => {
      const { title, season_number, episode_number } = (await stage.read(id)) ?? {};
      return [title, season_number, episode_number];
    }).toEqual(['BI Title, by Mira', 22, 7]);
    for (const page of [one, two, three]) {
      await page.getByRole('heading', { name: 'BI Title, by Mira' }).waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'Season and episode, edit' }).innerText().then((words) => words.replace(/\s/g, ''))).toContain('22/7');
    }
    await three.close();
    await one.getByText('Ben and you are looking').waitFor({ timeout: 20_000 });
  });

  it('works over plain http, where browsers keep back what they give to https alone', async () => {
    const page = await stage.open(stage.logins.ada, '/inbox');
    await page.addInitScript(() => {
      Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined });
      Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });
    });
    await page.goto(`${stage.site.url}/episodes?q=BJ`);
    await page.getByRole('button', { name: 'New episode' }).first().click();
    await page.getByRole('dialog').getByLabel('Title').fill('BJ Plain');
    await page.getByRole('dialog').getByLabel('Title').press('Enter');
    await rowOf(page, 'BJ Plain').waitFor();
  });

  it('loads a part that the server was not there for, once it is', async () => {
    const page = await stage.open(stage.logins.ada, '/inbox');
    await stage.site.kill();
    await page.locator('[data-signal=live]').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByText('This part broke.').waitFor();
    const again = page.getByRole('button', { name: 'Load it again' });
    await Promise.all([page.waitForEvent('requestfailed', (request) => request.method() === 'HEAD'), again.click()]);
    await again.waitFor(); // the page that there was stays
    await stage.site.up();
    await live(page);
    await Promise.all([page.waitForEvent('load'), again.click()]);
    await live(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  });
});
