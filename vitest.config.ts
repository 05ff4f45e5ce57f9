import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/totals-reporter.ts'],
    restoreMocks: true,
    // The longest real call, heard to its last word, takes a minute; a bed is started before it, and others call beside it.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Two cores are the smallest machine we promise to work on; calls in two files at once would starve each other's media.
    maxWorkers: 2,
    retry: 0,
  },
});
