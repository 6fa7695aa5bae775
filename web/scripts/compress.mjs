// Compresses what was built, as the server sends it: Brotli and gzip beside each file, and no original where both are smaller.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const assets = new URL('../dist/board/assets/', import.meta.url).pathname;

for (const name of readdirSync(assets)) {
  if (!/\.(js|css|svg)$/.test(name)) {
    continue; // fonts are compressed already
  }
  const path = join(assets, name);
  const content = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  rmSync(path);
}
