// Holds the budgets of the first load: what index.html names and those scripts import at once, which a list waits for, and the fonts that come after it.
import { readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

// Bytes. The first list waits for scripts and styles, which browsers take with Brotli; on a line of 1.6 Mbit/s 20 KB of them are a tenth of a second.
const budget = { 'scripts and styles': { gzip: 168_000, br: 145_000 }, fonts: { gzip: 80_000, br: 80_000 } };

const board = new URL('../dist/board/', import.meta.url);
const page = readFileSync(new URL('index.html', board), 'utf8');
const first = new Set([...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path));
for (const path of first) {
  if (path.endsWith('.js')) {
    const code = brotliDecompressSync(readFileSync(new URL(`${path}.br`, board))).toString();
    for (const [, name] of code.matchAll(/(?:import|from)\s*["']\.\/([^"']+\.js)["']/g)) {
      first.add(`assets/${name}`);
    }
  }
}

for (const name of readdirSync(new URL('assets/', board))) {
  if (/^(hanken-grotesk-latin-wght|besley-latin-500)-normal-.*\.woff2$/.test(name)) {
    first.add(`assets/${name}`);
  }
}

const sums = { 'scripts and styles': { gzip: 0, br: 0 }, fonts: { gzip: 0, br: 0 } };
for (const path of first) {
  const isFont = path.endsWith('.woff2');
  const sum = sums[isFont ? 'fonts' : 'scripts and styles'];
  const [gzip, br] = isFont ? [path, path] : [`${path}.gz`, `${path}.br`];
  const bytes = { gzip: readFileSync(new URL(gzip, board)).length, br: readFileSync(new URL(br, board)).length };
  sum.gzip += bytes.gzip;
  sum.br += bytes.br;
  console.log(`${kilobytes(bytes.gzip)} gzip ${kilobytes(bytes.br)} br  ${path}`);
}
for (const [what, sum] of Object.entries(sums)) {
  const { gzip, br } = budget[what];
  console.log(`${kilobytes(sum.gzip)} gzip ${kilobytes(sum.br)} br  ${what}, at most ${kilobytes(gzip)} and ${kilobytes(br)}`);
  if (sum.gzip > gzip || sum.br > br) {
    process.exitCode = 1;
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`.padStart(9);
}
