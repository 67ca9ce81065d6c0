import { afterAll, describe } from 'vitest';
import { abortContract } from './abort.ts';
import { closeContract } from './close.ts';
import { consumeContract } from './consume.ts';
import { contentContract } from './content.ts';
import { crashContract } from './crash.ts';
import { groupContract } from './group.ts';
import type { Harness, OpenHarness } from './harness.ts';
import { orderContract } from './order.ts';
import { redeliveryContract } from './redelivery.ts';
import { topicsContract } from './topics.ts';

const ON_ONE_BROKER = [
  topicsContract,
  contentContract,
  orderContract,
  consumeContract,
  redeliveryContract,
  groupContract,
  abortContract,
  closeContract,
  crashContract,
];
const MAX_TEST_MS = 120_000;

/** What every `Messaging` must do. */
export function messagingContract(name: string, open: OpenHarness): void {
  describe(`${name} keeps the contract of messaging`, { timeout: MAX_TEST_MS }, () => {
    const shared = new SharedHarness(open);
    afterAll(() => shared.close());
    for (const contract of ON_ONE_BROKER) contract(() => shared.open());
  });
}

/** One broker for many tests: as in life, each finds what the others have left. */
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
