import { describe, expect, test } from 'vitest';
import { MessagingError } from '../errors.ts';
import { type BrokerUnderTest, numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';
import { leapsIn } from './leaps.ts';
import type { Reader } from './reader.ts';

const KEYS = 20;
const CALL_MESSAGES = 200;
const CALLS_BEFORE = 20;
const CALLS_AFTER = 20;

export function crashContract(open: OpenHarness): void {
  describe('a broker that is killed and comes back', () => {
    test(
      'while messages are published and read: nothing acknowledged is lost, each key stays in order',
      onBroker(open, async (broker) => {
        const mortal = broker.mortal();
        const topic = await broker.topic(3);
        const reader = await broker.read(topic);
        const publisher = new StubbornPublisher(broker, topic);
        const publishing = publisher.run(CALLS_BEFORE + CALLS_AFTER);
        await publisher.hasPublished(CALLS_BEFORE);
        await mortal.crash();
        await mortal.start();
        await publishing;
        const perKey = ((CALLS_BEFORE + CALLS_AFTER) * CALL_MESSAGES) / KEYS;
        await reader.until(() => isComplete(reader, perKey), 'every message of every key');
        for (const values of reader.byKey().values()) expect(leapsIn(values)).toEqual([]);
      }),
    );

    test(
      'while nobody does anything: the next call succeeds, and readers go on',
      onBroker(open, async (broker) => {
        const mortal = broker.mortal();
        const topic = await broker.topic();
        const reader = await broker.read(topic);
        await broker.messaging.publish(topic, numbered(1, 1));
        await reader.first(1);
        await mortal.crash();
        const away = { isRetryable: true };
        await expect(broker.messaging.check()).rejects.toMatchObject(away);
        await mortal.start();
        await new StubbornPublisher(broker, topic).run(1);
        await reader.until(() => reader.messages.length > CALL_MESSAGES, 'what was published afterwards');
      }),
    );
  });
}

/** As whoever uses the port has to: the same call again until it succeeds. */
class StubbornPublisher {
  readonly #broker: BrokerUnderTest;
  readonly #topic: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();

  constructor(broker: BrokerUnderTest, topic: string) {
    this.#broker = broker;
    this.#topic = topic;
  }

  async run(calls: number): Promise<void> {
    for (let call = 0; call < calls; call++) {
      await this.#insist(call);
      this.#waiting.get(call + 1)?.resolve();
    }
  }

  async hasPublished(calls: number): Promise<void> {
    const waiting = Promise.withResolvers<void>();
    this.#waiting.set(calls, waiting);
    await waiting.promise;
  }

  async #insist(call: number): Promise<void> {
    const messages = numbered(CALL_MESSAGES, KEYS, call * CALL_MESSAGES);
    for (;;) {
      try {
        return await this.#broker.messaging.publish(this.#topic, messages);
      } catch (failure) {
        if (!(failure instanceof MessagingError) || !failure.isRetryable) throw failure;
      }
    }
  }
}

function isComplete(reader: Reader, perKey: number): boolean {
  const values = reader.byKey();
  return values.size === KEYS && [...values.values()].every((one) => new Set(one).size === perKey);
}
