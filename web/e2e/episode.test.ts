import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, fileInHand, installed, rowOf } from './browser';
import { picture } from './places';
import { setStage } from './stage';

describe.skipIf(!installed)('the page of an episode', () => {
  const stage = setStage();
  let show: string;

  beforeAll(async () => {
    show = (await stage.ben.api.GET('/api/v1/shows')).data?.data[0]?.id ?? '';
  });

  const openEpisode = (id: string): Promise<Page> => stage.open(stage.logins.ada, `/episodes/${id}`);
  const cell = (page: Page, name: string) => page.locator(`[data-cell=${name}]`);

  it('is edited field by field, where each stands', async () => {
    const id = await stage.make({ title: 'EA First' });
    const page = await openEpisode(id);
    const read = async <K extends keyof NonNullable<Awaited<ReturnType<typeof stage.read>>>>(field: K) => (await stage.read(id))?.[field];
    await cell(page, 'title').click();
    await page.getByLabel('Title', { exact: true }).fill('EA Edited');
    await page.keyboard.press('Enter');
    await page.getByText('Title set to EA Edited').waitFor();
    await page.getByRole('heading', { name: 'EA Edited', level: 1 }).waitFor();
    await expect.poll(() => read('title')).toBe('EA Edited');
    await cell(page, 'show').click();
    await page.getByRole('menuitemradio').first().click();
    await expect.poll(() => read('show_id')).not.toBeNull();
    await cell(page, 'number').click();
    await page.getByLabel('Season', { exact: true }).fill('31');
    await page.getByLabel('Episode', { exact: true }).fill('7');
    await page.keyboard.press('Enter');
    await expect.poll(() => read('episode_number')).toBe(7);
    expect(await read('season_number')).toBe(31);
    await cell(page, 'air_date').click();
    await page.getByLabel('Air date', { exact: true }).fill('no date');
    await page.getByText('That is not a date.').waitFor();
    await page.getByLabel('Air date', { exact: true }).fill('4 dec 2027');
    await page.keyboard.press('Enter');
    await expect.poll(() => read('air_date')).toBe('2027-12-04');
    await page.getByText(/^Airs Saturday/).waitFor();
    await cell(page, 'categories').click();
    await page.getByLabel('Add a category').fill('Drama, Mystery');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove Mystery' }).click();
    await page.getByLabel('Add a category').focus();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => read('categories')).toEqual(['Drama']);
    await page.getByRole('button', { name: 'Add a description' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Ada comes home.\n\nSee https://example.org/notes.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('link', { name: 'https://example.org/notes' }).waitFor();
    await expect.poll(() => read('description')).toContain('Ada comes home.');
    await page.keyboard.press('s');
    await page.getByRole('menuitemradio', { name: 'Pending' }).waitFor();
    await page.keyboard.press('2');
    await page.getByText('Status set to Pending').waitFor(); // at once: it goes by itself
    await expect.poll(() => read('status')).toBe('pending');
    await page.keyboard.press('Control+z');
    await expect.poll(() => read('status')).toBe('draft');
    await cell(page, 'title').click();
    await page.getByLabel('Title', { exact: true }).fill('Given up');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'EA Edited', level: 1 }).waitFor();
    expect(await read('title')).toBe('EA Edited');
  });

  it('is watched, and no longer', async () => {
    const id = await stage.make({ title: 'EB Watched' });
    const page = await stage.open(stage.logins.tom, `/episodes/${id}`);
    const tom = await stage.site.as(stage.logins.tom);
    const watches = async () => (await tom.api.GET('/api/v1/watches/{type}/{id}', { params: { path: { type: 'episode', id } } })).data?.data.watching;
    await page.getByRole('button', { name: 'Watch', exact: true }).click();
    await page.getByRole('button', { name: 'Watching', pressed: true }).waitFor();
    await expect.poll(watches).toBe(true);
    await page.getByRole('button', { name: 'Watching' }).click();
    await page.getByRole('button', { name: 'Watch', exact: true }).waitFor();
    await expect.poll(watches).toBe(false);
  });

  it('shows what others do as they do it: in its fields, and in its history', async () => {
    const id = await stage.make({ title: 'EC Live', status: 'draft' });
    const page = await openEpisode(id);
    const entries = page.getByRole('complementary').locator('[data-entry]');
    await entries.first().waitFor();
    const before = await entries.count();
    await stage.ben.api.POST('/api/v1/presence/viewers', { body: { resource_type: 'episode', resource_id: id, editing: 'description' } });
    await page.getByText('Ben is editing').first().waitFor();
    await stage.change(id, { title: 'EC Live, Changed' });
    await page.locator('h1 [data-mark]', { hasText: 'EC Live, Changed' }).waitFor();
    await entries.filter({ hasText: 'Ben Okafor changed title' }).locator('ins', { hasText: 'EC Live, Changed' }).waitFor();
    await stage.change(id, { status: 'approved' });
    await page.getByRole('button', { name: 'Status: Approved' }).waitFor();
    await entries.first().getByText('Approved').waitFor();
    expect(await entries.count()).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Files', exact: true }).click();
    await page.waitForURL(/only=files/);
    await page.getByText('Nothing yet.').waitFor();
    await stage.ben.files.upload(id, { name: 'script.txt', content: new Blob(['INT. HARBOUR.\n']) });
    await entries.getByText('Ben Okafor added script.txt').waitFor();
    await page.locator('[data-file]', { hasText: 'script.txt' }).waitFor();
  });

  it('asks once whose shall be, and goes back to typing', async () => {
    const id = await stage.make({ title: 'ED Title' });
    const page = await openEpisode(id);
    await cell(page, 'title').click();
    const input = page.getByLabel('Title', { exact: true });
    await input.fill('ED Mine');
    await stage.change(id, { title: 'ED Theirs' });
    await page.getByText('Ben changed this to ED Theirs').waitFor();
    expect(await input.inputValue()).toBe('ED Mine');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ben saved while you were typing').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await input.inputValue()).toBe('ED Mine');
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.getByRole('radio').nth(1).check();
    await dialog.getByRole('button', { name: 'Save these choices' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'ED Theirs', level: 1 }).waitFor();
    expect((await stage.read(id))?.title).toBe('ED Theirs');
  });

  it('takes files that are dropped on it, shows them large, and makes the first its picture', { timeout: 90_000 }, async () => {
    const id = await stage.make({ title: 'EE Files' });
    await stage.ben.files.upload(id, { name: 'notes.txt', content: new Blob(['Bring a lamp.\n']) });
    const page = await openEpisode(id);
    await page.locator('[data-file]').waitFor();
    const data = await fileInHand(page, 'still.png', picture, 'image/png');
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: data });
    await page.getByText('Drop to add to EE Files').waitFor();
    await page.dispatchEvent('main', 'drop', { dataTransfer: data });
    await page.getByText('Added still.png', { exact: true }).waitFor();
    const row = page.locator('[data-file]', { hasText: 'still.png' });
    await row.locator('img').waitFor({ timeout: 30_000 }); // once the job has made it
    await expect.poll(async () => (await stage.read(id))?.thumbnail_url, { timeout: 30_000 }).toContain('/api/v1/files/');
    await row.getByRole('link', { name: 'Open still.png' }).click();
    const large = page.getByRole('dialog', { name: 'still.png' });
    await large.getByRole('img', { name: 'still.png' }).waitFor();
    await expectAccessible(page, 'dialog');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'notes.txt' }).getByText('Bring a lamp.').waitFor();
    await page.keyboard.press('ArrowLeft');
    await large.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('New name of still.png').fill('harbour.png');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'harbour.png' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForURL(new RegExp(`/episodes/${id}$`));
    await page.getByRole('button', { name: 'More for harbour.png' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete the file' }).click();
    await page.locator('[data-file]', { hasText: 'harbour.png' }).waitFor({ state: 'detached' });
    await page.getByText('Deleted harbour.png', { exact: true }).waitFor();
  });

  it('is deleted, and comes back: by the toast, and from where it was', async () => {
    const id = await stage.make({ title: 'EF Deleted', show_id: show });
    const page = await openEpisode(id);
    const remove = async (): Promise<void> => {
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Delete episode' }).click();
      await page.waitForURL(/\/episodes$/);
      await page.getByText('Deleted EF Deleted', { exact: true }).waitFor();
    };
    await remove();
    await page.getByRole('button', { name: /^Undo/ }).click();
    await page.getByText('Restored EF Deleted').waitFor();
    await page.goto(`${stage.site.url}/episodes/${id}`);
    await remove();
    await page.goto(`${stage.site.url}/episodes/${id}`);
    await page.getByText(/^Ada Quill deleted it just now/).waitFor();
    await page.getByRole('button', { name: 'Restore it' }).click();
    await cell(page, 'title').waitFor();
    expect((await stage.read(id))?.title).toBe('EF Deleted');
    await page.goto(`${stage.site.url}/episodes?q=EF `);
    await rowOf(page, 'EF Deleted').waitFor();
  });
});
