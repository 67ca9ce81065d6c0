import { afterAll, describe } from 'vitest';
import { abortContract } from './abort.ts';
import { appendContract } from './append.ts';
import { appendManyContract } from './append-many.ts';
import { backPressureContract } from './back-pressure.ts';
import { closeContract } from './close.ts';
import { countContract } from './count.ts';
import { expectedRevisionContract } from './expected-revision.ts';
import type { Harness, OpenHarness } from './harness.ts';
import { interleavingContract } from './interleaving.ts';
import { readAllContract } from './read-all.ts';
import { readStreamContract } from './read-stream.ts';
import { reopenContract } from './reopen.ts';
import { repeatContract } from './repeat.ts';
import { reuseContract } from './reuse.ts';
import { subscribeContract } from './subscribe.ts';
import { twoProcessesContract } from './two-processes.ts';

const ON_ONE_LOG = [
  appendContract,
  expectedRevisionContract,
  repeatContract,
  reuseContract,
  appendManyContract,
  readStreamContract,
  readAllContract,
  countContract,
  subscribeContract,
  interleavingContract,
  backPressureContract,
  abortContract,
  twoProcessesContract,
];
/** These close what they are given. */
const ON_A_LOG_EACH = [closeContract, reopenContract];
const MAX_TEST_MS = 60_000;

/** What every `EventStore` must do. */
export function eventStoreContract(name: string, open: OpenHarness): void {
  describe(`${name} keeps the contract of the event store`, { timeout: MAX_TEST_MS }, () => {
    for (const contract of ON_ONE_LOG) {
      const shared = new SharedHarness(open);
      afterAll(() => shared.close());
      contract(() => shared.open());
    }
    for (const contract of ON_A_LOG_EACH) contract(open);
  });
}

/** One log for many tests: as in life, each finds what the others have left. */
class SharedHarness {
  readonly #open: OpenHarness;
  #harness: Promise<Harness> | undefined;

  constructor(open: OpenHarness) {
    this.#open = open;
  }

  async open(): Promise<Harness> {
    this.#harness ??= this.#open();
    return { ...(await this.#harness), close: async () => {} };
  }

  async close(): Promise<void> {
    await (await this.#harness)?.close();
  }
}
