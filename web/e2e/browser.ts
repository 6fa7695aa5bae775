import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults, RunOptions } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type JSHandle, type LaunchOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';

import type { Login, Site } from './site';

// The headless shell of Debian's Chromium takes half the time; it draws what the other one draws.
const program = [process.env['CALLBOARD_CHROMIUM'], '/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path && existsSync(path));

/** Whether the tests can run. They must where CALLBOARD_TEST_REQUIRE names chromium. */
export const installed = program !== undefined;

if (!installed) {
  if ((process.env['CALLBOARD_TEST_REQUIRE'] ?? '').split(',').includes('chromium')) {
    throw new Error('CALLBOARD_TEST_REQUIRE names chromium, which is not installed');
  }
  console.warn('Skipped: Chromium is not installed.');
}

export async function launch(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ ...options, ...(program ? { executablePath: program } : {}), args: ['--no-sandbox', '--disable-gpu'] });
}

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** A page, and what it did wrong: whatever its policy refused, what it threw, and what it loaded from elsewhere. */
export interface Tab {
  page: Page;
  /** Fails if the page did something wrong, and closes it. */
  close: () => Promise<void>;
}

export async function openTab(browser: Browser, site: Site, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: desktop, reducedMotion: 'no-preference', ...options });
  const page = await context.newPage();
  const wrong: string[] = [];
  await page.exposeBinding('refusedByPolicy', (_, what: string) => wrong.push(`refused by the policy: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
      (window as unknown as { refusedByPolicy: (what: string) => void }).refusedByPolicy(`${violatedDirective} ${blockedURI} at ${sourceFile}:${lineNumber}`);
    });
  });
  page.on('pageerror', (error) => wrong.push(`thrown: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection to|Unable to preload CSS|dynamically imported module/.test(message.text())) {
      wrong.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    if (/^(http|ws)s?:/.test(request.url()) && new URL(request.url()).host !== new URL(site.url).host) {
      wrong.push(`loaded from elsewhere: ${request.url()}`);
    }
  });
  return {
    page,
    close: async () => {
      const inline = await page.locator('style, script:not([src])').count().catch(() => 0);
      await context.close();
      expect(wrong).toEqual([]);
      expect(inline, 'inline style or script elements').toBe(0);
    },
  };
}

const states = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();

/** The session of somebody has ended: the next tab signs in. */
export function forget(site: Site, login: Login): void {
  states.delete(site.url + login.email);
}

/** A tab of somebody who has signed in. */
export async function openAs(browser: Browser, site: Site, login: Login, path = '/', options: BrowserContextOptions = {}): Promise<Tab> {
  const key = site.url + login.email;
  const known = states.get(key);
  const tab = await openTab(browser, site, { ...options, ...(known && { storageState: known }) });
  if (known) {
    await tab.page.goto(site.url + path);
    await tab.page.locator('[data-signal=live]').waitFor();
  } else {
    await signIn(tab.page, site, login, path);
    states.set(key, await tab.page.context().storageState());
  }
  return tab;
}

export async function signIn(page: Page, site: Site, login: Login, path = '/'): Promise<void> {
  await page.goto(site.url + path);
  await page.getByLabel('Email').fill(login.email);
  await page.getByLabel('Password', { exact: true }).fill(login.password);
  await page.keyboard.press('Enter');
  await page.locator('[data-signal=live]').waitFor();
}

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page, or on a part of it; by the rules about colours alone where colours is set. */
export async function barriers(page: Page, { part = 'html', colours = false } = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(await axe); // through the protocol, which the policy does not hold
  }
  const options: RunOptions = { resultTypes: ['violations'], ...(colours && { runOnly: ['color-contrast', 'link-in-text-block'] }) };
  return page.evaluate(async ([within, how]) => {
    const { axe } = window as unknown as { axe: { run: (within: string, options: RunOptions) => Promise<AxeResults> } };
    const { violations } = await axe.run(within, how);
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`);
  }, [part, options] as const);
}

/** Fails with what axe finds on the page, or on a part of it. */
export async function expectAccessible(page: Page, part?: string): Promise<void> {
  expect(await barriers(page, part === undefined ? {} : { part })).toEqual([]);
}

/** A file in the hand of somebody over the page, for events of dragging and dropping. */
export async function fileInHand(page: Page, name: string, content: Buffer | string, type: string): Promise<JSHandle<DataTransfer>> {
  return page.evaluateHandle(
    ([base64, file, mime]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], file, { type: mime }));
      return transfer;
    },
    [Buffer.from(content).toString('base64'), name, type] as const,
  );
}

/** The row of a title, in the table. */
export const rowOf = (page: Page, title: string) => page.locator('[data-row]', { hasText: title });
