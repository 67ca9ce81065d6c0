import { randomBytes } from 'node:crypto';
import type { TestContext } from 'vitest';
import type { Consumption, Message, Messaging, RunningConsumer, TopicNeed } from '../messaging.ts';
import { type Harness, isMissing, type MortalBroker, type OpenHarness } from './harness.ts';
import { Reader } from './reader.ts';

/** What one test does with the broker; it leaves nobody reading behind. */
export class BrokerUnderTest {
  readonly messaging: Messaging;
  readonly tooLargeBytes: number;
  readonly #harness: Harness;
  readonly #context: TestContext;
  readonly #running: { close(): Promise<void> }[] = [];

  constructor(harness: Harness, context: TestContext) {
    this.messaging = harness.messaging;
    this.tooLargeBytes = harness.tooLargeBytes;
    this.#harness = harness;
    this.#context = context;
  }

  /** A name nobody has used. */
  readonly name = (what: string): string => `contract-${what}-${randomBytes(6).toString('hex')}`;

  async topic(partitions = 1, retention: TopicNeed['retention'] = 'for-ever'): Promise<string> {
    const topic = this.name('topic');
    await this.messaging.ensureTopics([{ topic, partitions, retention }]);
    return topic;
  }

  /** Another process on the same broker. */
  another(): Messaging {
    const messaging = this.#harness.another();
    this.#running.push(messaging);
    return messaging;
  }

  async consume(consumption: Consumption, messaging = this.messaging): Promise<RunningConsumer> {
    const consumer = await messaging.consume(consumption);
    this.#running.push(consumer);
    return consumer;
  }

  /** Collects what a group of its own, or the one named, is handed. */
  async read(
    topic: string,
    { group = this.name('group'), messaging = this.messaging } = {},
  ): Promise<Reader> {
    const reader = new Reader();
    const handle = reader.handle;
    await this.consume({ topic, group, from: 'earliest', handle, onFailure: reader.onFailure }, messaging);
    return reader;
  }

  /** Skips the test where the broker cannot be killed. */
  mortal(): MortalBroker {
    const { broker } = this.#harness;
    return isMissing(broker) ? this.#context.skip(broker.missing) : broker;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((one) => one.close()));
    await this.#harness.close();
  }
}

/** The body of a test that is given a broker. */
export function onBroker(
  open: OpenHarness,
  check: (broker: BrokerUnderTest) => Promise<void>,
): (context: TestContext) => Promise<void> {
  return async (context) => {
    const broker = new BrokerUnderTest(await open(), context);
    try {
      await check(broker);
    } finally {
      await broker.close();
    }
  };
}

/** `count` messages, spread over `keys` keys; the value says which of its key it is. */
export function numbered(count: number, keys: number, from = 0): readonly Message[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return { key: `key-${number % keys}`, value: String(Math.floor(number / keys)) };
  });
}
