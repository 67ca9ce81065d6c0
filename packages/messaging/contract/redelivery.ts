import { describe, expect, test } from 'vitest';
import type { DeliveredBatch } from '../messaging.ts';
import { numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';
import { Reader } from './reader.ts';

const FAILURES = 3;

export function redeliveryContract(open: OpenHarness): void {
  describe('a handle that fails', () => {
    test(
      'is handed the same messages again until it succeeds, and what comes later waits',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        await broker.messaging.publish(topic, numbered(3, 1));
        const reader = new Reader();
        const handed: string[] = [];
        const told: unknown[] = [];
        await broker.consume({
          topic,
          group: broker.name('group'),
          from: 'earliest',
          onFailure: (failure) => told.push(failure),
          async handle(batch: DeliveredBatch) {
            handed.push(batch.messages[0]?.offset ?? 'none');
            if (handed.length === 1) await broker.messaging.publish(topic, numbered(3, 1, 3));
            if (handed.length <= FAILURES) throw new Error(`attempt ${handed.length}`);
            await reader.handle(batch);
          },
        });
        await reader.first(6);
        expect(handed.slice(0, FAILURES + 1)).toEqual(['0', '0', '0', '0']);
        expect(reader.messages.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4', '5']);
        expect(told).toEqual([1, 2, 3].map((attempt) => new Error(`attempt ${attempt}`)));
      }),
    );

    test(
      'holds up its own partition alone',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(4);
        await broker.messaging.publish(topic, numbered(400, 40));
        const reader = new Reader();
        const stuck = Promise.withResolvers<number>();
        let bad: number | undefined;
        let isMended = false;
        await broker.consume({
          topic,
          group: broker.name('group'),
          from: 'earliest',
          async handle(batch) {
            bad ??= batch.partition;
            stuck.resolve(bad);
            if (batch.partition === bad && !isMended) throw new Error('not yet');
            await reader.handle(batch);
          },
        });
        await stuck.promise;
        await broker.messaging.publish(topic, numbered(400, 40, 400));
        const partitions = () => new Set(reader.messages.map(({ partition }) => partition));
        await reader.until(
          () => partitions().size === 3 && reader.messages.some(({ value }) => Number(value) >= 10),
          'messages of the three other partitions',
        );
        expect(partitions()).not.toContain(bad);
        isMended = true;
        await reader.first(800);
        expect(reader.messages).toHaveLength(800);
      }),
    );
  });
}
