import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/totals-reporter.ts'],
    restoreMocks: true,
    // A real call with real pauses takes half a minute, and longer where others call beside it.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are the smallest machine we promise to work on; calls in two files at once would starve each other's media.
    maxWorkers: 2,
    retry: 0,
  },
});
