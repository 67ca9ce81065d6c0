import { describe } from 'vitest';
import { abortContract } from './abort.ts';
import { appendContract } from './append.ts';
import { appendManyContract } from './append-many.ts';
import { backPressureContract } from './back-pressure.ts';
import { closeContract } from './close.ts';
import { expectedRevisionContract } from './expected-revision.ts';
import type { OpenHarness } from './harness.ts';
import { interleavingContract } from './interleaving.ts';
import { readAllContract } from './read-all.ts';
import { readStreamContract } from './read-stream.ts';
import { reopenContract } from './reopen.ts';
import { repeatContract } from './repeat.ts';
import { reuseContract } from './reuse.ts';
import { subscribeContract } from './subscribe.ts';
import { twoProcessesContract } from './two-processes.ts';

const CAPABILITIES = [
  appendContract,
  expectedRevisionContract,
  repeatContract,
  reuseContract,
  appendManyContract,
  readStreamContract,
  readAllContract,
  subscribeContract,
  interleavingContract,
  backPressureContract,
  abortContract,
  closeContract,
  reopenContract,
  twoProcessesContract,
];
const MAX_TEST_MS = 60_000;

/** What every `EventStore` must do. Each test opens a harness of its own and closes it. */
export function eventStoreContract(name: string, open: OpenHarness): void {
  describe(`${name} keeps the contract of the event store`, { timeout: MAX_TEST_MS }, () => {
    for (const contract of CAPABILITIES) contract(open);
  });
}
