// Runs the tests of the board in Chromium; a file in which one failed is run once more, with a server and a browser of its own, and
// that decides. On a machine that others use, one that stands still for seconds, a toast has come and gone before a test looks.
import { startVitest } from 'vitest/node';

const run = async (files) => {
  process.exitCode = 0;
  const { state } = await startVitest('test', files, { config: 'e2e/vitest.config.ts', run: true });
  return state.getFailedFilepaths();
};

const failed = await run(process.argv.slice(2));
if (failed.length > 0) {
  console.log(`== once more: ${failed.map((file) => file.replace(/.*\//, '')).join(', ')}`);
  await run(failed);
}
