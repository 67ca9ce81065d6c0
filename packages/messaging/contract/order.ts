import { describe, expect, test } from 'vitest';
import { numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';

const KEYS = 17;
const CALLS = 20;
const CALL_MESSAGES = 170;

export function orderContract(open: OpenHarness): void {
  describe('order', () => {
    test(
      'messages of one key stay in the order given, call after call, over several partitions',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(4);
        const reader = await broker.read(topic);
        for (let call = 0; call < CALLS; call++) {
          await broker.messaging.publish(topic, numbered(CALL_MESSAGES, KEYS, call * CALL_MESSAGES));
        }
        const total = CALLS * CALL_MESSAGES;
        await reader.first(total);
        const perKey = Array.from({ length: total / KEYS }, (_, index) => String(index));
        for (const values of reader.byKey().values()) expect(values).toEqual(perKey);
        expect(reader.byKey().size).toBe(KEYS);
        expect(reader.messages).toHaveLength(total);
      }),
    );

    test(
      'messages of one key are in one partition, and keys spread over partitions',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(4);
        await broker.messaging.publish(topic, numbered(300, 60));
        const read = await (await broker.read(topic)).first(300);
        const partitionsOf = Map.groupBy(read, ({ key }) => String(key));
        for (const messages of partitionsOf.values()) {
          expect(new Set(messages.map(({ partition }) => partition)).size).toBe(1);
        }
        expect(new Set(read.map(({ partition }) => partition)).size).toBe(4);
      }),
    );

    test(
      'calls to one topic that overlap are carried out in the order they were made',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const calls = Array.from({ length: CALLS }, (_, index) =>
          broker.messaging.publish(topic, numbered(50, 1, index * 50)),
        );
        await Promise.all(calls);
        const read = await (await broker.read(topic)).first(CALLS * 50);
        expect(read.map(({ value }) => Number(value))).toEqual(read.map((_, index) => index));
      }),
    );
  });
}
