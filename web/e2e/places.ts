import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import type { Stage } from './stage';

/** Something that a page has open: a menu, a dialog, a field that is being written. */
export interface Layer {
  /** What opens it, and has the focus again after Escape. */
  opener: (page: Page) => Locator;
  /** What there is while it is open. */
  shown: string;
  /** Viewers do not have it. */
  edits?: true;
}

/** A state of a page of the board, as the tests of all pages go there. */
export interface Place {
  address: string;
  /** What there is once it has been read. */
  shown: string;
  layers?: readonly Layer[];
  /** Who has it, beside admins. Default: everybody. */
  role?: 'editor' | 'admin';
}

/** The paths that the server has pages at. */
export function addresses(): string[] {
  const source = readFileSync(join(import.meta.dirname, '../web.go'), 'utf8');
  const list = /func Addresses\(\) \[\]string \{\s+return \[\]string\{([^}]*(?:\}[^}]*)*?)\n\t\}/.exec(source)?.[1] ?? '';
  return [...list.matchAll(/"([^"]+)"/g)].map(([, path = '']) => path);
}

/** A picture of eight by eight points. */
export const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mOo1YnCihiGlgQAVf9AwTfdhRMAAAAASUVORK5CYII=', 'base64');

/** What was made for the pages to show. */
export interface Made {
  show: string;
  episode: string;
  file: string;
  deleted: string;
  job: string;
  sheet: string;
  check: string;
  /** A sheet that cannot be read without an answer. */
  asking: string;
  /** An event of the log. */
  event: string;
}

/** Makes something for each page to show: an episode with files and a history, one that is deleted, a job that has failed, a sheet that was checked, notes. */
export async function furnish(stage: Stage): Promise<Made> {
  const { ben } = stage;
  const show = (await ben.api.GET('/api/v1/shows')).data?.data[0]?.id ?? '';
  const day = `${new Date().toISOString().slice(0, 8)}15`;
  for (const title of ['The Night Ferry', 'The Second Tide', 'The Third Watch', 'The Fourth Bell']) {
    await stage.make({ title, air_date: day, show_id: show });
  }
  const episode = await stage.make({ title: 'Harbour Lights', description: 'Ada comes home.\n\nSee https://example.org/notes.', air_date: day, status: 'pending', show_id: show });
  await ben.api.PUT('/api/v1/watches/{type}/{id}', { params: { path: { type: 'episode', id: episode } } });
  await stage.change(episode, { description: 'Ada comes home, late.\n\nSee https://example.org/notes.', status: 'approved' });
  const { id: file } = await ben.files.upload(episode, { name: 'still.png', content: new Blob([picture], { type: 'image/png' }) });
  await ben.files.upload(episode, { name: 'script.txt', content: new Blob(['INT. HARBOUR. NIGHT.\n']) });
  const broken = await ben.files.upload(episode, { name: 'broken.png', content: new Blob([picture.subarray(0, 40)], { type: 'image/png' }) });
  const run = async (kind: string, args: Record<string, unknown>): Promise<string> => {
    const { data } = await ben.api.POST('/api/v1/jobs', { body: { kind, args } });
    const id = data?.data.id ?? '';
    await ben.jobs.watch(id);
    return id;
  };
  const job = await run('thumbnail-generation', { file_id: broken.id });
  const { id: sheet } = await ben.files.upload(null, { name: 'season.csv', content: new Blob(['Season,No.,Title,Bar\r\n7,1,Salt,x\r\n7,2,Landfall,y\r\n7,zwei,Left Out,z\r\n'], { type: 'text/csv' }) });
  const { id: asking } = await ben.files.upload(null, { name: 'asking.csv', content: new Blob(['Foo,Bar\r\nSalt,x\r\nLandfall,y\r\n'], { type: 'text/csv' }) });
  const check = await run('data-import', { file_id: sheet, show_id: show, dry_run: true });
  const deleted = await stage.make({ title: 'Gone Astray' });
  await ben.api.DELETE('/api/v1/episodes/{id}', { params: { path: { id: deleted } } });
  const event = (await ben.api.GET('/api/v1/activity/feed', { params: { query: { limit: 1 } } })).data?.data[0]?.id ?? '';
  return { show, episode, file, deleted, job, sheet, check, asking, event };
}

const button = (name: string | RegExp) => (page: Page): Locator => page.getByRole('main').getByRole('button', { name }).first();
const menu = (name: string | RegExp, more: Partial<Layer> = {}): Layer => ({ opener: button(name), shown: '[role=menu]', ...more });
const dialog = (name: string | RegExp, more: Partial<Layer> = {}): Layer => ({ opener: button(name), shown: 'dialog[open]', ...more });
const fields = (...labels: string[]): Layer[] => labels.map((label) => ({ opener: (page) => page.locator(`[data-cell="${label}"]`), shown: 'main dl input:not([tabindex="-1"]), main textarea, main input[aria-describedby=note-title]', edits: true }));

/** All pages of the board below the gate, each in its states. */
export function places({ show, episode, file, deleted, job, sheet, check, event }: Made): Place[] {
  const day = `${new Date().toISOString().slice(0, 7)}-15`;
  return [
    {
      address: '/episodes',
      shown: '[data-row]',
      layers: [menu(/^Show/), menu(/^Status/), menu(/^Sort/), menu('Columns', { shown: '[role=dialog]' }), dialog('Pin this view'), dialog('New episode', { edits: true })],
    },
    { address: '/episodes?deleted=1', shown: '[data-row]' },
    { address: '/episodes?q=keepr', shown: 'text=No episode matches' },
    { address: `/episodes?view=board&show=${show}`, shown: '[data-card]' },
    { address: `/episodes?view=calendar&show=${show}`, shown: `[data-day="${day}"]`, layers: [dialog(/more on/)] },
    {
      address: `/episodes/${episode}`,
      shown: '[data-cell=description]',
      layers: [menu('More', { edits: true }), menu(/^Show, edit/, { edits: true }), menu(/^Status/, { edits: true }), ...fields('title', 'number', 'air_date', 'categories', 'description')],
    },
    { address: `/episodes/${episode}?part=files`, shown: '[data-file]', layers: [menu('More for still.png')] },
    { address: `/episodes/${episode}?part=timeline`, shown: '[data-entry]' },
    { address: `/episodes/${episode}?part=jobs`, shown: '[data-job]' },
    { address: `/episodes/${episode}/files/${file}`, shown: 'dialog img' },
    { address: `/episodes/${deleted}`, shown: 'text=This episode is gone' },
    { address: '/episodes/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17', shown: 'text=There is no such episode' },
    { address: '/inbox', shown: '[data-note]', layers: [menu(/^About/)] },
    { address: '/inbox?show=archived', shown: 'text=Nothing archived' },
    { address: '/inbox/preferences', shown: 'main table' },
    { address: '/inbox/why/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17', shown: 'text=There is nothing to tell' },
    { address: `/activity/why/${event}`, shown: '[data-step]', role: 'admin' },
    { address: '/activity', shown: '[role=slider]', layers: [menu(/^Who/), menu(/^What/), menu(/^On/), menu('Export')] },
    { address: '/activity?q=harbour', shown: '[data-entry]' },
    { address: '/jobs', shown: '[data-job]', role: 'editor', layers: [menu(/^Kind/), menu(/^State/)] },
    { address: `/jobs/${job}`, shown: 'dialog [role=log]', role: 'editor' },
    { address: '/import', shown: 'text=Choose a file', role: 'editor' },
    { address: `/import?file=${sheet}&show=${show}`, shown: 'text=Check all', role: 'editor' },
    { address: `/import?file=${sheet}&show=${show}&check=${check}`, shown: 'text=Import 2', role: 'editor' },
    { address: '/people', shown: '[data-person]' },
    { address: '/people/users', shown: '[data-user]', role: 'admin', layers: [dialog('Add a person'), menu(/Role of Ben Okafor/), menu('More for Ben Okafor')] },
    { address: '/people/connections', shown: 'main tbody tr', role: 'admin' },
    { address: '/people/health', shown: 'main ul li', role: 'admin' },
    { address: '/people/announce', shown: 'main form', role: 'admin' },
    { address: '/me', shown: '[data-session]' },
    { address: '/me/tokens', shown: 'main h1', layers: [dialog('New token')] },
    { address: '/nothing', shown: 'text=There is no such page' },
  ];
}

/** Goes to a place of the board as a link does, without reading the document anew. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => history.pushState(null, '', to), address);
}
