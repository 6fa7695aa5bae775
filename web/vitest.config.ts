import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    setupFiles: ['vitest.setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
