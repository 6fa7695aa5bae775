import { fileURLToPath } from 'node:url';

import { bundle } from './bundle.mjs';

const programs = [
  'export * from "callboard"',
  'export { Callboard } from "callboard"',
  'export { RestClient } from "callboard"',
  'export { ActivityService, NotificationService, PresenceService, configure } from "callboard"',
  'export { ActivityService, configure } from "callboard"',
];

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(8);

for (const program of programs) {
  const { bytes, gzipped } = await bundle(program, fileURLToPath(new URL('..', import.meta.url)));
  console.log(`${kilobytes(bytes)} minified, ${kilobytes(gzipped)} gzipped: ${program}`);
}
