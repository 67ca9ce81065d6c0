import { describe, expect, test } from 'vitest';
import { numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';
import { Reader } from './reader.ts';

const KEYS = 24;
const ROUND = 240;

export function groupContract(open: OpenHarness): void {
  describe('a group', () => {
    test(
      'shares its partitions with a second member that joins and leaves; nothing is lost, each key stays in order',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(4);
        const group = broker.name('group');
        const both = new Reader();
        const [first, second] = [new Reader(), new Reader()];
        const member = (own: Reader) => ({
          topic,
          group,
          from: 'earliest' as const,
          handle: async (batch: Parameters<Reader['handle']>[0]) => {
            await own.handle(batch);
            await both.handle(batch);
          },
        });
        const publisher = new RoundPublisher((from) =>
          broker.messaging.publish(topic, numbered(ROUND, KEYS, from)),
        );
        await broker.consume(member(first));
        await publisher.round();
        await first.first(ROUND);

        const joined = await broker.consume(member(second), broker.another());
        await publisher.until(() => second.messages.length > 0);
        await joined.close();
        const before = second.messages.length;
        await publisher.round();

        await both.until(() => isComplete(both, publisher.published), 'every message of every key');
        expect(second.messages).toHaveLength(before);
        for (const values of both.byKey().values()) expectRepeatsAtMost(values);
      }),
    );

    test(
      'tells a member that works for long that its partitions go to another, which is handed what was not finished',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(2);
        const group = broker.name('group');
        await broker.messaging.publish(topic, numbered(20, 20));
        const told = Promise.withResolvers<void>();
        const begun = Promise.withResolvers<void>();
        let isSlow = true;
        const both = new Reader();
        await broker.consume({
          topic,
          group,
          from: 'earliest',
          async handle(batch) {
            if (!isSlow) return both.handle(batch);
            begun.resolve();
            await new Promise<void>((resolve) => {
              batch.signal.addEventListener('abort', () => resolve(), { once: true });
            });
            told.resolve();
            throw batch.signal.reason;
          },
        });
        await begun.promise;
        const another = { topic, group, from: 'earliest', handle: both.handle } as const;
        const joining = broker.consume(another, broker.another());
        await told.promise;
        isSlow = false;
        await joining;
        await both.first(20);
        const offsets = both.messages.map(({ partition, offset }) => `${partition}:${offset}`);
        expect(new Set(offsets).size).toBe(20);
      }),
    );
  });
}

class RoundPublisher {
  readonly #publish: (from: number) => Promise<void>;
  published = 0;

  constructor(publish: (from: number) => Promise<void>) {
    this.#publish = publish;
  }

  async round(): Promise<void> {
    await this.#publish(this.published);
    this.published += ROUND;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.round();
  }
}

function isComplete(reader: Reader, published: number): boolean {
  const values = reader.byKey();
  const perKey = published / KEYS;
  return values.size === KEYS && [...values.values()].every((one) => new Set(one).size === perKey);
}

/** Delivery is at least once: it may go back to what was not committed, and then goes on from there in order. */
function expectRepeatsAtMost(values: readonly string[]): void {
  let highest = -1;
  for (const value of values.map(Number)) {
    expect(value).toBeLessThanOrEqual(highest + 1);
    highest = Math.max(highest, value);
  }
}
