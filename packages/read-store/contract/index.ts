import { describe } from 'vitest';
import { digestContract } from './digest-contract.ts';
import { disturbedRebuildContract } from './disturbed-rebuild-contract.ts';
import { generationsContract } from './generations-contract.ts';
import type { OpenHarness } from './harness.ts';
import { jobsContract } from './jobs-contract.ts';
import { otherLogContract } from './other-log-contract.ts';
import { projectorContract } from './projector-contract.ts';
import { readerContract } from './reader-contract.ts';
import { rebuildContract } from './rebuild-contract.ts';
import { repairContract } from './repair-contract.ts';
import { repeatsContract } from './repeats-contract.ts';
import { rowsContract } from './rows-contract.ts';
import { searchContract } from './search-contract.ts';
import { stepContract } from './step-contract.ts';

export type { Harness, OpenHarness } from './harness.ts';

/** What every adapter of the read store must do, one capability after the other. `open` gives each test a fresh database. */
export function readStoreContract(name: string, open: OpenHarness): void {
  describe(`${name}:`, () => {
    rowsContract(open);
    stepContract(open);
    digestContract(open);
    readerContract(open);
    searchContract(open);
    projectorContract(open);
    generationsContract(open);
    jobsContract(open);
    rebuildContract(open);
    disturbedRebuildContract(open);
    repairContract(open);
    repeatsContract(open);
    otherLogContract(open);
  });
}
