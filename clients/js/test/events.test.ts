import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const definitions = `
events:
  - name: cut_approved
    summary: A cut was approved.
    payload:
      required: [title]
      properties:
        title: { type: string, description: "Of the cut. */" }
        round: { type: integer }
        grade: { type: string, enum: [rough, fine] }
        notes: { type: array, items: { required: [text], properties: { text: { type: string } }, type: object } }
        any-thing: {}
  - name: curtain.up
    summary: The curtain is up.
`;

/** Uses the types as an application does. */
const usage = `
import { createClient } from 'callboard';
import type { CutApprovedData } from './events.js';

const live = createClient({ url: 'http://localhost:1' }).connect();
live.on('cut_approved', ({ data }) => {
  const title: string = data.title;
  const round: number | undefined = data.round;
  const grade: 'rough' | 'fine' | undefined = data.grade;
  const texts: string[] | undefined = data.notes?.map((note) => note.text);
  console.log(title, round, grade, texts, data['any-thing']);
  // @ts-expect-error: there is no such field
  console.log(data.color);
});
live.on('curtain.up', ({ data }) => console.log(data['whatever']));
live.on('episode_created', ({ data }) => console.log(data.title));
export const data: CutApprovedData = { title: 'Third cut' };
`;

describe('the types of an application’s events', () => {
  it('are known to the client', () => {
    const binary = process.env['CALLBOARD_BIN'];
    assert.ok(binary);
    const dir = mkdtempSync(join(process.cwd(), 'dist', 'events-'));
    try {
      writeFileSync(join(dir, 'events.yaml'), definitions);
      const types = execFileSync(binary, ['events', 'types', '--file', join(dir, 'events.yaml')], { encoding: 'utf8' });
      writeFileSync(join(dir, 'events.d.ts'), types);
      writeFileSync(join(dir, 'usage.ts'), usage);
      writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: { paths: { 'callboard': ['../../src/index.ts'] }, skipLibCheck: false },
        include: ['.'],
      }));
      const tsc = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', dir], { encoding: 'utf8' });
      assert.equal(tsc.stdout, '');
      assert.equal(tsc.status, 0);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
