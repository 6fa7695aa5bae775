import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { transform } from 'esbuild';

// Makes dist/cjs, for require, of what tsc has put into dist/esm. The types are the same text: where they are says what they describe.
const from = fileURLToPath(new URL('../dist/esm/', import.meta.url));
const to = fileURLToPath(new URL('../dist/cjs/', import.meta.url));

cpSync(from, to, { recursive: true, filter: (path) => !/\.(js|map)$/.test(path) });
writeFileSync(`${to}package.json`, '{ "type": "commonjs" }\n');
for (const name of readdirSync(from).filter((file) => file.endsWith('.js'))) {
  // Not "build": it reads a default import as Node does in ES modules, where that of openapi-fetch is the whole of it.
  const { code } = await transform(readFileSync(from + name, 'utf8').replace(/\/\/# sourceMappingURL=.*\s*$/, ''), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Jest, and whatever else loads modules by itself, has no import() in scripts.
    supported: { 'dynamic-import': false },
  });
  writeFileSync(to + name, code);
}
