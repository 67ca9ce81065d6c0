import type { Generation, ReadModel, ReadModelReader, ReadStore } from '../index.ts';
import type { Harness, OpenHarness } from './harness.ts';

/** A database for one test; closes and discards everything the test opened. */
export class Fixture {
  readonly harness: Harness;
  readonly #stores: ReadStore[] = [];

  private constructor(harness: Harness) {
    this.harness = harness;
  }

  static async using(open: OpenHarness, test: (fixture: Fixture) => Promise<void>): Promise<void> {
    const fixture = new Fixture(await open());
    try {
      await test(fixture);
    } finally {
      await fixture.close();
      await fixture.harness.discard();
    }
  }

  async connect(): Promise<ReadStore> {
    const store = await this.harness.connect();
    this.#stores.push(store);
    return store;
  }

  async generation(readModel: ReadModel<never>): Promise<Generation> {
    return (await this.connect()).openLive(readModel);
  }

  async reader(readModel: ReadModel<never>): Promise<ReadModelReader> {
    return (await this.connect()).openReader(readModel);
  }

  /** Closes every store; what is opened next sees what is on disk. */
  async close(): Promise<void> {
    for (const store of this.#stores.splice(0)) await store.close();
  }
}
