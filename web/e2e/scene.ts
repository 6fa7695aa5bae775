import type { Browser } from 'playwright-core';

import type { Stage } from './stage';

// What the pictures show: the demo, with more shows, files, jobs and notes, so that no page is bare.

const seasons: [show: string, season: number, first: number, categories: string[], titles: string[]][] = [
  ['Paper Moons', 2, 1, ['animation', 'family'], ['How to Fold a Planet', 'The Paper Fox', 'A Very Small Eclipse', 'String and Other Rivers']],
  ['Night Desk', 3, 41, ['radio', 'drama'], ['The Last Tram', 'Lost Property, Part One', 'Lost Property, Part Two', 'Who Feeds the Foxes']],
  ['Small Hours Kitchen', 1, 9, ['food'], ['Rice at Four', 'Soup for Nine']],
];
const statuses = ['published', 'approved', 'pending', 'draft'] as const;

export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A sheet with a row that is refused. */
export const sheet = [
  'Season,No.,Working title,Status,TX,Tags,Editor',
  '2,1,The Return of the Keeper,approved,2027-01-08,"mystery, drama",J. Moreau',
  '2,2,Nine Bells,pending,2027-01-15,mystery,J. Moreau',
  '2,zwei,Halfway Rock,draft,,mystery,S. Bello',
  '2,4,The Drowned Stair,draft,2027-01-29,"mystery, drama",S. Bello',
].join('\r\n');

/** A sheet of whose columns two may hold the titles. */
export const unclear = 'Season,No.,Foo,Bar\r\n2,1,Salt,x\r\n2,2,Landfall,y\r\n2,3,Ebb,z\r\n';

const still = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90" width="1280" height="720" style="display:block"><defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="#233044"/><stop offset="1" stop-color="#4c6072"/></linearGradient></defs>
  <path d="M0 0h160v90H0z" fill="url(#a)"/><path d="M92 14h40v50H92z" fill="#f0c878"/><path d="M112 14v50M92 38h40" stroke="#2b3444" stroke-width="3"/><path d="M52 90V52a12 12 0 0 1 24 0v38z" fill="#12161f"/>
  <circle cx="64" cy="34" r="8.5" fill="#12161f"/><path d="M53 31c2-8 20-8 22 0l4 2H49z" fill="#0c0f16"/></svg>`;

async function drawn(browser: Browser): Promise<Uint8Array> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  await page.setContent(`<body style="margin:0">${still}`);
  const picture = await page.screenshot();
  await page.close();
  return picture;
}

/** What the pictures are of. */
export interface Scene {
  show: string;
  /** The episode that has files, a long history and jobs. */
  episode: string;
  picture: string;
  /** An import that has ended. */
  job: string;
}

/** Makes the scene, and resolves once its jobs have ended. */
export async function makeScene({ browser, site, logins, ben }: Stage): Promise<Scene> {
  const [mira, tom, ada] = await Promise.all([site.as(logins.mira), site.as(logins.tom), site.as(logins.ada)]);
  for (const [title, season, first, categories, titles] of seasons) {
    const show = (await ben.api.POST('/api/v1/shows', { body: { title } })).data?.data.id ?? '';
    for (const [i, name] of titles.entries()) {
      const body = { show_id: show, season_number: season, episode_number: first + i, title: name, status: statuses[i] ?? 'draft', air_date: inDays(i * 7 - 3), categories };
      await (i % 2 ? ben : mira).api.POST('/api/v1/episodes', { body });
    }
  }
  const find = async (q: string) => (await ada.api.GET('/api/v1/episodes', { params: { query: { q } } })).data?.data[0];
  const keeper = await find('The Other Keeper');
  const episode = keeper?.id ?? '';
  const path = { id: episode };
  await ada.api.PUT('/api/v1/episodes/{id}/watch', { params: { path } });
  const picture = await ben.files.upload(episode, { name: 'keeper-still.png', content: await drawn(browser) });
  await mira.files.upload(episode, { name: 'notes-for-the-mix.txt', content: new TextEncoder().encode('Gulls under the dialogue until the door closes.\nThe foghorn is on the beat, twice, then never again.\n') });
  await ben.files.upload(episode, { name: 'the-other-keeper-script-draft-7.pdf', content: new TextEncoder().encode('%PDF-1.4\n') });
  const thumbnails = await ben.jobs.queue('thumbnail-generation', { file_id: picture.id }, { episodeId: episode });
  const change = (by: typeof ben, body: object) => by.api.PATCH('/api/v1/episodes/{id}', { params: { path }, body });
  await change(mira, { description: 'A second lamp answers from the mainland, in a rhythm that only the missing keeper knew. Edda follows it across the causeway at low water.\n\nNotes: https://example.org/keeper/notes' });
  await change(ben, { categories: ['mystery', 'drama'] });
  await change(mira, { description: 'A second lamp answers from the mainland, in a rhythm that only the missing keeper knew. Edda follows it across the causeway at low water, and the tide has her back before midnight.\n\nNotes: https://example.org/keeper/notes' });
  await change(ben, { status: 'approved', thumbnail_url: picture.url });
  const gulls = await find('What the Gulls Saw');
  await ben.api.PATCH('/api/v1/episodes/{id}', { params: { path: { id: gulls?.id ?? '' } }, body: { air_date: inDays(2), categories: ['mystery'] } });

  const file = await ben.files.upload(null, { name: 'lighthouse-nine-season-2.csv', content: new TextEncoder().encode(sheet) });
  const imported = await ben.jobs.queue('data-import', { file_id: file.id, show_title: 'Saltmarsh' });
  const bad = await ben.files.upload(null, { name: 'broken.xlsx', content: new TextEncoder().encode('no sheet') });
  const failing = await ben.jobs.queue('data-import', { file_id: bad.id, show_title: 'Saltmarsh' }, { maxAttempts: 1 });
  await ada.jobs.queue('bulk-export', { what: 'episodes', format: 'xlsx', episodes: {} });

  await mira.api.POST('/api/v1/presence/status', { body: { status: 'busy', text: 'Locking picture until four' } });
  await tom.api.POST('/api/v1/presence/status', { body: { status: 'away', text: 'Back at two' } });
  await ada.api.POST('/api/v1/users', { body: { name: 'Yuki Tanabe', email: 'yuki@demo.callboard.test', role: 'editor', password: 'correct horse battery' } });
  for (const { id } of [imported, thumbnails, failing]) {
    await ben.jobs.watch(id);
  }
  return { show: keeper?.show_id ?? '', episode, picture: picture.id, job: imported.id };
}
