import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Some tests are of real processes, and a machine that is shared may stop one for seconds in the middle of a save.
    // Where nobody watches, what fails once is run once more; the report says so.
    retry: process.env.CI === undefined ? 0 : 1,
  },
});
