import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

import { withBinary } from './binary.mjs';
import { render } from './schema.mjs';

const maxDocument = 64 << 20; // bytes

await withBinary(async (binary) => {
  const document = execFileSync(binary, ['openapi'], { encoding: 'utf8', maxBuffer: maxDocument });
  writeFileSync(new URL('../src/schema.gen.ts', import.meta.url), await render(document));
});
