import { describe, expect, it } from 'vitest';

import { installed } from './browser';
import { setStage } from './stage';

describe.skipIf(!installed)('the log of activity', () => {
  const stage = setStage();

  it('is filtered, and its days are chosen by keys', async () => {
    const page = await stage.open(stage.logins.ada, '/activity');
    const entries = page.locator('[data-entry]');
    await entries.first().waitFor();
    await page.getByRole('button', { name: /^Mira Lindqvist \d+ changes$/ }).click();
    await page.waitForURL(/who=/);
    await expect.poll(() => entries.filter({ hasNotText: 'Mira Lindqvist' }).count()).toBe(0);
    expect(await entries.count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'What Any change' }).click();
    await page.getByRole('menuitemradio', { name: 'Archived' }).click();
    await page.waitForURL(/action=archived_episode/);
    await page.goto(`${stage.site.url}/activity`);
    const chart = page.getByRole('slider');
    await chart.focus();
    const today = new Date().toLocaleDateString('sv');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`since=${today}&until=${today}`));
    await page.getByText(/^\d+ in 1 day$/).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing happened in these days').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.search.includes('since'));
    await entries.first().waitFor();
    const box = await chart.boundingBox();
    if (!box) {
      throw new Error('no chart');
    }
    await page.mouse.move(box.x + box.width - 60, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(new RegExp(`since=.*&until=${today}`));
  });

  it('lets what happens wait while one is in it, and finds it', async () => {
    const page = await stage.open(stage.logins.tom, '/activity');
    await page.locator('[data-entry]').first().hover();
    await stage.ben.api.POST('/api/v1/episodes', { body: { title: 'The Quiet Bell' } });
    await page.getByRole('button', { name: /new/ }).waitFor();
    expect(await page.getByRole('link', { name: 'The Quiet Bell' }).count()).toBe(0);
    await page.keyboard.press('.');
    await page.getByText('Ben Okafor created The Quiet Bell').waitFor();
    await page.getByLabel('Search the log').fill('quiet');
    await page.waitForURL(/q=quiet/);
    await expect.poll(() => page.locator('[data-entry]').count()).toBe(1);
    await page.getByRole('button', { name: 'Export' }).click(); // viewers have no jobs: they download at once
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  });
});
