import { describe, expect, test } from 'vitest';
import { numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';
import { Reader } from './reader.ts';

const closed = { code: 'messaging-closed', isRetryable: false };

export function closeContract(open: OpenHarness): void {
  describe('close', () => {
    test(
      'waits for what is being published',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const messaging = broker.another();
        const calls = Array.from({ length: 20 }, (_, index) =>
          messaging.publish(topic, numbered(10, 1, index * 10)),
        );
        let answered = 0;
        for (const call of calls) void call.then(() => (answered += 1));
        await messaging.close();
        await new Promise(setImmediate);
        expect(answered).toBe(20);
        expect(await (await broker.read(topic)).first(200)).toHaveLength(200);
      }),
    );

    test(
      'fails every later call, and may be called again',
      onBroker(open, async (broker) => {
        const messaging = broker.another();
        await messaging.close();
        const consumption = { topic: 't', group: 'g', from: 'earliest', handle: async () => {} } as const;
        await expect(messaging.publish('t', numbered(1, 1))).rejects.toMatchObject(closed);
        await expect(messaging.publish('t', [])).rejects.toMatchObject(closed);
        await expect(messaging.consume(consumption)).rejects.toMatchObject(closed);
        await expect(messaging.ensureTopics([])).rejects.toMatchObject(closed);
        await expect(messaging.check()).rejects.toMatchObject(closed);
        await messaging.close();
      }),
    );

    test(
      'ends a consumer that waits for messages',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const reader = new Reader();
        const consumption = { topic, group: broker.name('group'), from: 'earliest' } as const;
        const running = await broker.consume({ ...consumption, handle: reader.handle });
        await running.close();
        await broker.messaging.publish(topic, numbered(1, 1));
        expect(reader.messages).toEqual([]);
      }),
    );

    test(
      'tells the batch at hand, lets it finish, and commits it',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const group = broker.name('group');
        await broker.messaging.publish(topic, numbered(2, 1));
        const begun = Promise.withResolvers<AbortSignal>();
        const finish = Promise.withResolvers<void>();
        const running = await broker.consume({
          topic,
          group,
          from: 'earliest',
          handle({ signal }) {
            begun.resolve(signal);
            return finish.promise;
          },
        });
        const signal = await begun.promise;
        const closing = running.close();
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        finish.resolve();
        await closing;
        await broker.messaging.publish(topic, [{ key: 'k', value: 'next' }]);
        const read = await (await broker.read(topic, { group })).first(1);
        expect(read.map(({ value }) => String(value))).toEqual(['next']);
      }),
    );
  });
}
