import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { expectAccessible, installed } from './browser';
import { setStage } from './stage';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of RFC 6238 for a step of time, from now on. */
function codeOf(secret: string, step: number): string {
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

describe.skipIf(!installed)('a second factor', () => {
  const stage = setStage();

  it('is turned on, asked for after the password, and turned off by an admin for who has lost it', { timeout: 120_000 }, async () => {
    const { mira, ada } = stage.logins;
    const page = await stage.open(mira, '/me');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('dialog').getByLabel('Current password').fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('the current password is not right').waitFor();
    await page.getByRole('dialog').getByLabel('Current password').fill(mira.password);
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: 'QR code for an app' }).waitFor();
    await expectAccessible(page, 'dialog');
    const secret = await page.getByLabel('Or type this secret into the app').inputValue();
    await page.getByLabel('Code', { exact: true }).fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('is not the one that the app shows now').waitFor();
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 0));
    await page.keyboard.press('Enter');
    await page.getByText('Your recovery codes').waitFor();
    await expectAccessible(page, 'dialog');
    const codes = await page.getByRole('dialog').getByRole('listitem').allTextContents();
    expect(new Set(codes).size).toBe(10);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
    expect((await readFile(await download.path(), 'utf8')).trim().split('\n')).toEqual(codes);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape'); // the browser closes by the second one what only stops the first
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 recovery codes left').waitFor();

    const signOut = async (): Promise<void> => {
      await page.getByRole('button', { name: /^Mira Lindqvist/ }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.waitForURL(/\/sign-in/);
    };
    await signOut();
    await password(page, mira.email, mira.password);
    await page.getByLabel('Code', { exact: true }).waitFor();
    await expectAccessible(page);
    expect(await page.getByLabel('Code', { exact: true }).getAttribute('autocomplete')).toBe('one-time-code');
    await page.keyboard.type('123');
    await page.keyboard.press('Enter');
    await page.getByText('The code is not right, or was used before').waitFor();
    await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 1));
    await page.keyboard.press('Enter');
    await page.locator('[data-signal=live]').waitFor();

    await signOut();
    await password(page, mira.email, mira.password);
    await page.getByRole('button', { name: 'Use a recovery code' }).click();
    await page.getByLabel('Recovery code').fill(codes[3]?.toLowerCase() ?? '');
    await page.keyboard.press('Enter');
    await page.locator('[data-signal=live]').waitFor();
    await page.goto(`${stage.site.url}/me`);
    await page.getByText('9 recovery codes left').waitFor();

    const admin = await stage.open(ada, '/people/users');
    await admin.getByRole('button', { name: 'More for Mira Lindqvist' }).click();
    await admin.getByRole('menuitem', { name: 'Turn off the second factor' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: 'Turn off the second factor' }).click();
    await admin.getByText('Mira Lindqvist has no second factor any more').waitFor();
    await page.getByText(/Your session has ended/).first().waitFor();
    await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(mira.password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
});

async function password(page: Page, email: string, words: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(words);
  await page.keyboard.press('Enter');
}
