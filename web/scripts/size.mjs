// Holds the budget of the first load: what index.html names, and what those scripts import at once.
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

const budget = { 'scripts and styles': 300_000, fonts: 80_000 }; // bytes, as sent with gzip

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
sums.fonts.gzip += 19_000; // Besley, which the style sheet names; it is not preloaded
for (const [what, sum] of Object.entries(sums)) {
  console.log(`${kilobytes(sum.gzip)} gzip ${kilobytes(sum.br)} br  ${what}, at most ${kilobytes(budget[what])}`);
  if (sum.gzip > budget[what]) {
    process.exitCode = 1;
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`.padStart(9);
}
