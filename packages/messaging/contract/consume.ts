import { describe, expect, test } from 'vitest';
import { numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';
import { Reader } from './reader.ts';

const MANY = 4_000;

export function consumeContract(open: OpenHarness): void {
  describe('consuming', () => {
    test(
      'a batch is of one partition, in offset order, and never are two of one partition worked on at once',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(3);
        await broker.messaging.publish(topic, numbered(MANY, 40));
        const reader = new Reader();
        const atWork = new Set<number>();
        const next = new Map<number, bigint>();
        const faults: string[] = [];
        await broker.consume({
          topic,
          group: broker.name('group'),
          from: 'earliest',
          async handle(batch) {
            if (atWork.has(batch.partition)) faults.push(`two batches of ${batch.partition} at once`);
            atWork.add(batch.partition);
            for (const { offset } of batch.messages) {
              if (BigInt(offset) !== (next.get(batch.partition) ?? 0n)) faults.push(`offset ${offset}`);
              next.set(batch.partition, BigInt(offset) + 1n);
            }
            await new Promise(setImmediate);
            atWork.delete(batch.partition);
            await reader.handle(batch);
          },
        });
        await reader.first(MANY);
        expect(faults).toEqual([]);
        expect(reader.messages).toHaveLength(MANY);
      }),
    );

    test(
      'a new group that begins at the latest is handed what is published from then on',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(2);
        await broker.messaging.publish(topic, numbered(10, 10));
        const reader = new Reader();
        const group = broker.name('group');
        await broker.consume({ topic, group, from: 'latest', handle: reader.handle });
        await broker.messaging.publish(topic, [{ key: 'new', value: 'new' }]);
        await reader.first(1);
        expect(reader.messages.map(({ value }) => String(value))).toEqual(['new']);
      }),
    );

    test(
      'groups do not disturb each other',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(2);
        await broker.messaging.publish(topic, numbered(100, 10));
        const readers = await Promise.all([broker.read(topic), broker.read(topic)]);
        for (const reader of readers) expect(await reader.first(100)).toHaveLength(100);
      }),
    );

    test(
      'a group goes on after the last batch that was handled, whoever reads for it',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(2);
        const group = broker.name('group');
        await broker.messaging.publish(topic, numbered(100, 10));
        const first = new Reader();
        const running = await broker.consume({ topic, group, from: 'earliest', handle: first.handle });
        await first.first(100);
        await running.close();
        await broker.messaging.publish(topic, numbered(100, 10, 100));
        const second = await broker.read(topic, { group, messaging: broker.another() });
        await second.first(100);
        expect(second.messages.map(({ value }) => Number(value)).every((value) => value >= 10)).toBe(true);
        expect(second.messages).toHaveLength(100);
      }),
    );

    test(
      'nothing is committed while handle works: whoever takes over is handed it again',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const group = broker.name('group');
        await broker.messaging.publish(topic, numbered(5, 1));
        const started = Promise.withResolvers<void>();
        const running = await broker.consume({
          topic,
          group,
          from: 'earliest',
          handle: ({ signal }) => {
            started.resolve();
            return new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            });
          },
        });
        await started.promise;
        await running.close();
        const read = await (await broker.read(topic, { group })).first(5);
        expect(read.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4']);
      }),
    );

    test(
      'a topic that is missing is told of, and read once it is there',
      onBroker(open, async (broker) => {
        const topic = broker.name('late');
        const reader = await broker.read(topic);
        expect(reader.failures[0]).toMatchObject({ code: 'topic-missing' });
        await broker.messaging.ensureTopics([{ topic, partitions: 1, retention: 'for-ever' }]);
        await broker.messaging.publish(topic, numbered(3, 1));
        expect(await reader.first(3)).toHaveLength(3);
      }),
    );
  });
}
