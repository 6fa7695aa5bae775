import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

type Tokens = Record<string, string>;

function block(from: string): Tokens {
  const begin = css.indexOf('{', css.indexOf(from)) + 1;
  const text = css.slice(begin, css.indexOf('}', begin));
  return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value?.trim()])) as Tokens;
}

const light = block(':root {');
const dark = { ...light, ...block(':root[data-theme="dark"]') };
const bySystem = { ...light, ...block(':root:not([data-theme="light"])') };

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const part = parseInt(color.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of WCAG 2.2. */
function contrast(tokens: Tokens, ink: string, ground: string): number {
  const [low, high] = [ink, ground].map((name) => luminance(tokens[name] ?? '')).sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const words = 4.5;
const shapes = 3;
const statuses = ['draft', 'pending', 'approved', 'rejected', 'published', 'archived'];

const pairs: [ink: string, ground: string, least: number][] = [
  ...['board', 'sheet', 'raised', 'sunk', 'hover'].flatMap((ground) => [
    ['ink', ground, 7] as [string, string, number],
    ...['ink-2', 'ink-3', 'accent', 'ok', 'warn', 'bad'].map((ink): [string, string, number] => [ink, ground, words]),
  ]),
  ...statuses.flatMap((status) => ['sheet', 'raised', 'sunk', 'hover', 'accent-wash', `${status}-wash`].map((ground): [string, string, number] => [status, ground, words])),
  ...statuses.map((status): [string, string, number] => [status, 'mark', shapes]),
  ...['ink', 'ink-2', 'ink-3', 'accent'].map((ink): [string, string, number] => [ink, 'accent-wash', words]),
  ...['ink', 'ink-2', 'ink-3'].map((ink): [string, string, number] => [ink, 'mark-2', words]),
  ...['ink', 'ink-2'].map((ink): [string, string, number] => [ink, 'mark', words]),
  ...['bad', 'warn', 'ok'].flatMap((state) => [state, 'ink', 'ink-2'].map((ink): [string, string, number] => [ink, `${state}-wash`, words])),
  ...[['on-btn', 'btn'], ['on-btn', 'btn-hover'], ['on-accent', 'accent'], ['on-bad', 'bad'], ['was', 'was-wash'], ['now', 'now-wash']].map(
    ([ink, ground]): [string, string, number] => [ink ?? '', ground ?? '', words],
  ),
  ...['blue', 'pink', 'yellow', 'green', 'goldenrod', 'buff', 'salmon', 'cherry'].map((page): [string, string, number] => ['on-page', `page-${page}`, 7]),
  ...['sheet', 'raised', 'sunk'].flatMap((ground) => ['edge', 'accent', 'mark-edge'].map((ink): [string, string, number] => [ink, ground, shapes])),
  ...['cue-live', 'cue-wait', 'cue-off'].flatMap((lamp) => ['board', 'sheet', 'raised', 'warn-wash', 'bad-wash'].map((ground): [string, string, number] => [lamp, ground, shapes])),
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, tokens) => {
  it.each(pairs)('has %s on %s at %d or more', (ink, ground, least) => {
    expect(contrast(tokens, ink, ground)).toBeGreaterThanOrEqual(least);
  });
});

describe('the dark theme', () => {
  it('is the same by choice and by the system', () => {
    expect(bySystem).toEqual(dark);
  });
});
