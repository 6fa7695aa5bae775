import type { Callboard } from 'callboard';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { launch, openAs, type Tab } from './browser';
import { Site, type Login } from './site';

type Episode = NonNullable<Awaited<ReturnType<typeof read>>>;
interface Fields {
  title?: string;
  status?: Episode['status'];
  air_date?: string;
  description?: string;
  show_id?: string;
  season_number?: number;
}

async function read(client: Callboard, id: string) {
  const { data } = await client.api.GET('/api/v1/episodes/{id}', { params: { path: { id }, query: { track: false } } });
  return data?.data;
}

/** What the tests of a file share: a browser, a server with the people of the demo, and one of them who works beside the browser. */
export class Stage {
  browser!: Browser;
  site!: Site;
  logins!: Record<'ada' | 'ben' | 'mira' | 'tom', Login>;
  /** An editor who has no page open. */
  ben!: Callboard;
  readonly #tabs: Tab[] = [];

  async begin(folder?: string): Promise<void> {
    [this.browser, this.site] = await Promise.all([launch(), Site.start(folder === undefined ? {} : { folder })]);
    this.logins = await this.site.logins();
    this.ben = await this.site.as(this.logins.ben);
  }

  /** Opens a page as somebody. After the test it is closed, and has done nothing wrong. */
  async open(login: Login, path: string, options?: BrowserContextOptions): Promise<Page> {
    const tab = await openAs(this.browser, this.site, login, path, options);
    this.#tabs.push(tab);
    return tab.page;
  }

  /** Makes an episode, beside the browser. Resolves to its ID. */
  async make(fields: Fields & { title: string }): Promise<string> {
    const { data, error } = await this.ben.api.POST('/api/v1/episodes', { body: fields });
    if (error) {
      throw new Error(error.detail);
    }
    return data.data.id;
  }

  /** Changes an episode, beside the browser. */
  async change(id: string, fields: Fields): Promise<void> {
    const { error } = await this.ben.api.PATCH('/api/v1/episodes/{id}', { params: { path: { id } }, body: fields });
    expect(error).toBeUndefined();
  }

  /** What the server has of an episode, without being its viewer. */
  async read(id: string): Promise<Episode | undefined> {
    return read(this.ben, id);
  }

  async closePages(): Promise<void> {
    for (const tab of this.#tabs.splice(0)) {
      await tab.close();
    }
  }

  async end(): Promise<void> {
    await this.browser?.close();
    await this.site?.stop();
  }
}

/** Sets the stage before the tests of a describe, and clears it after them. */
export function setStage(): Stage {
  const stage = new Stage();
  beforeAll(() => stage.begin());
  afterEach(() => stage.closePages());
  afterAll(() => stage.end());
  return stage;
}
