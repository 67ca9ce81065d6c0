import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const MINUTE_MS = 60_000;

const IGNORED = ['**/node_modules/**', '**/.touchline/**'];
/** With a server, files of a database or processes, or with hundreds of made-up cases: minutes, where the others take seconds. */
const COMPONENTS = [
  'infra/**/*.test.ts',
  'services/**/*.test.ts',
  'packages/{backing,cli,journal,postgres,sqlite}/**/*.test.ts',
  'packages/*/{eventstoredb,kafka,postgres,sqlite}/**/*.test.ts',
  'packages/**/*.property.test.ts',
];

// Two workers suit the two cores of the smallest machine this is built on. Whole processes under test (e2e, chaos)
// run one file at a time, after the others: what they measure and wait for must not compete for the cores.
export default defineConfig({
  test: {
    pool: 'forks',
    // In the threads that tests start, too: a store has several, and they come up faster.
    execArgv: ['--import', fileURLToPath(new URL('infra/toolchain/compile-cache.mjs', import.meta.url))],
    exclude: IGNORED,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'test/*.test.ts'],
          exclude: [...IGNORED, ...COMPONENTS],
          maxWorkers: 2,
          // Generous: a machine that is busy with something else must not make a test fail.
          testTimeout: MINUTE_MS / 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          include: COMPONENTS,
          maxWorkers: 2,
          testTimeout: MINUTE_MS / 2,
          sequence: { groupOrder: 1 },
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
          sequence: { groupOrder: 2 },
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
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
