import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 1, // on a machine that stands still for seconds a toast has come and gone, or an edit waits for the server, before a test looks
    maxWorkers: 2, // each has a browser and a server; on two cores two at once take 0.55 of the time of one after the other
  },
});
