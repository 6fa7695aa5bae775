import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/*.test.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } }, // as long as Playwright waits: one second, Vitest's own, is not enough beside other tests
    maxWorkers: 2, // each has a browser and a server; on two cores two at once take 0.55 of the time of one after the other
  },
});
