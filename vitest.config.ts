import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

// Two workers suit the two cores of the smallest machine this is built on. Whole processes under test (e2e, chaos)
// run one file at a time, after the unit tests: what they measure and wait for must not compete for the cores.
export default defineConfig({
  test: {
    pool: 'forks',
    // In the threads that tests start, too: a store has several, and they come up faster.
    execArgv: ['--import', fileURLToPath(new URL('infra/toolchain/compile-cache.mjs', import.meta.url))],
    exclude: ['**/node_modules/**', '**/.touchline/**'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'infra/**/*.test.ts', 'test/*.test.ts'],
          maxWorkers: 2,
          // Generous: a machine that is busy with something else must not make a test fail.
          testTimeout: MINUTE_MS / 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          maxWorkers: 1,
          testTimeout: MINUTE_MS,
          hookTimeout: MINUTE_MS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          maxWorkers: 1,
          testTimeout: 10 * MINUTE_MS,
          hookTimeout: MINUTE_MS,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
