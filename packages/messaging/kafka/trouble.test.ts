import { afterAll, describe, expect, test } from 'vitest';
import { openMortalKafkaForTests, uniqueName } from '../../../test/support/kafka.ts';
import { numbered } from '../contract/broker-under-test.ts';
import { leapsIn } from '../contract/leaps.ts';
import { Reader } from '../contract/reader.ts';
import type { Messaging } from '../index.ts';
import { type KafkaLimits, openKafka } from './index.ts';

const MAX_TEST_MS = 120_000;
const IMPATIENT: Partial<KafkaLimits> = { maxPublishMs: 1_500, maxAdminMs: 3_000 };

const kafka = await openMortalKafkaForTests();
if ('missing' in kafka) test.skip(`a broker in trouble: ${kafka.missing}`, () => {});
else declare(kafka);

function declare({ broker, url, close }: Exclude<typeof kafka, { readonly missing: string }>): void {
  const open: Messaging[] = [];
  const openWith = (limits: Partial<KafkaLimits> = {}): Messaging => {
    const messaging = openKafka({ url, clientId: 'trouble', limits: { sessionTimeoutMs: 6_000, ...limits } });
    open.push(messaging);
    return messaging;
  };
  const newTopic = async (messaging: Messaging, partitions = 1): Promise<string> => {
    const topic = uniqueName('topic');
    await messaging.ensureTopics([{ topic, partitions, retention: 'for-ever' }]);
    return topic;
  };
  afterAll(async () => {
    await Promise.all(open.map((messaging) => messaging.close()));
    await close();
  });

  describe('a broker that stands still', { timeout: MAX_TEST_MS }, () => {
    test('publishing ends in time, and what is published again comes after what was left behind', async () => {
      const messaging = openWith(IMPATIENT);
      const topic = await newTopic(messaging);
      await messaging.publish(topic, numbered(100, 1));
      broker.freeze();
      const late = { code: 'messaging-timeout', isRetryable: true };
      await expect(messaging.publish(topic, numbered(100, 1, 100))).rejects.toMatchObject(late);
      await expect(messaging.publish(topic, numbered(100, 1, 100))).rejects.toMatchObject(late);
      broker.thaw();
      await messaging.publish(topic, numbered(100, 1, 100));
      await messaging.publish(topic, numbered(100, 1, 200));
      const reader = new Reader();
      const group = uniqueName('group');
      await messaging.consume({ topic, group, from: 'earliest', handle: reader.handle });
      await reader.until(() => String(reader.messages.at(-1)?.value) === '299', 'the last');
      expect(leapsIn(reader.messages.map(({ value }) => String(value)))).toEqual([]);
      // The second call waited for the fate of the first, and had not begun when its time was over.
      expect(reader.messages).toHaveLength(400);
    });

    test('a consumer that stands still with it says so, is replaced, and goes on where it was', async () => {
      const messaging = openWith({ maxStandstillMs: 2_000, maxCloseMs: 1_000, maxRequestMs: 3_000 });
      const topic = await newTopic(messaging);
      const reader = new Reader();
      const told = Promise.withResolvers<unknown>();
      await messaging.consume({
        topic,
        group: uniqueName('group'),
        from: 'earliest',
        handle: reader.handle,
        onFailure: told.resolve,
      });
      await messaging.publish(topic, numbered(1, 1));
      await reader.first(1);
      broker.freeze();
      const failure = await told.promise.finally(() => broker.thaw());
      expect(failure).toMatchObject({ message: expect.stringContaining('has not read anything') });
      await messaging.publish(topic, numbered(1, 1, 1));
      const values = () => reader.messages.map(({ value }) => String(value));
      await reader.until(() => values().at(-1) === '1', 'the last');
      // What was not committed when everything stood still comes again.
      expect(leapsIn(values())).toEqual([]);
    });

    test('closing ends in time', async () => {
      const messaging = openWith({ ...IMPATIENT, maxCloseMs: 1_000 });
      const topic = await newTopic(messaging);
      const reader = new Reader();
      const group = uniqueName('group');
      await messaging.consume({ topic, group, from: 'earliest', handle: reader.handle });
      await messaging.publish(topic, numbered(1, 1));
      await reader.first(1);
      broker.freeze();
      try {
        await expect(messaging.publish(topic, numbered(1, 1))).rejects.toThrow();
        const begun = performance.now();
        await messaging.close();
        // Consumer, publisher and administration, each once or twice a second; far less than the broker would take.
        expect(performance.now() - begun).toBeLessThan(25_000);
      } finally {
        broker.thaw();
      }
    });
  });

  describe('a broker that is away', { timeout: MAX_TEST_MS }, () => {
    test('is told of as such, and read as soon as it is there', async () => {
      const messaging = openWith({ maxAdminMs: 2_000, maxRetryMs: 500 });
      const topic = await newTopic(messaging);
      await messaging.close();
      await broker.stop('clean');
      const late = openWith({ maxAdminMs: 2_000, maxRetryMs: 500, maxPublishMs: 60_000 });
      await expect(late.check()).rejects.toMatchObject({ isRetryable: true });
      const reader = new Reader();
      const { handle, onFailure } = reader;
      await late.consume({ topic, group: uniqueName('group'), from: 'earliest', handle, onFailure });
      expect(reader.failures[0]).toMatchObject({ code: 'messaging-unavailable' });
      await broker.start();
      await late.publish(topic, numbered(3, 1));
      expect(await reader.first(3)).toHaveLength(3);
    });
  });

  describe('a batch that grows beyond the limit when it is opened', { timeout: MAX_TEST_MS }, () => {
    test('is told of, harms nobody, and is read when the limit is raised', async () => {
      const writer = openKafka({ url: `${url}?compression=gzip`, clientId: 'trouble' });
      open.push(writer);
      const topic = await newTopic(writer);
      const group = uniqueName('group');
      await writer.publish(topic, [{ key: 'k', value: 'a'.repeat(100_000) }]);
      const told = Promise.withResolvers<unknown>();
      const careful = openWith({ maxInflatedBytes: 10_000 });
      await careful.consume({
        topic,
        group,
        from: 'earliest',
        handle: async () => {},
        onFailure: told.resolve,
      });
      expect(await told.promise).toMatchObject({ message: expect.stringContaining('ERR_BUFFER_TOO_LARGE') });
      await careful.close();
      const reader = new Reader();
      await openWith().consume({ topic, group, from: 'earliest', handle: reader.handle });
      expect(await reader.first(1)).toHaveLength(1);
    });
  });

  describe('a handle that works for long', { timeout: MAX_TEST_MS }, () => {
    const limits = { maxSilentWorkMs: 1_000, heartbeatMs: 300, maxCloseMs: 2_000 };

    test('without a sign of life it is told to stop, and another member is handed its messages', async () => {
      const messaging = openWith(limits);
      const topic = await newTopic(messaging);
      const group = uniqueName('group');
      await messaging.publish(topic, numbered(3, 1));
      const told = Promise.withResolvers<unknown>();
      const hanging = Promise.withResolvers<void>();
      await messaging.consume({
        topic,
        group,
        from: 'earliest',
        handle({ signal }) {
          signal.addEventListener('abort', () => told.resolve(signal.reason), { once: true });
          return hanging.promise;
        },
      });
      expect(await told.promise).toMatchObject({ message: expect.stringContaining('no sign of life') });
      const reader = new Reader();
      await openWith(limits).consume({ topic, group, from: 'earliest', handle: reader.handle });
      expect(await reader.first(3)).toHaveLength(3);
      hanging.resolve();
    });

    test('with signs of life it may take its time', async () => {
      const messaging = openWith(limits);
      const topic = await newTopic(messaging);
      await messaging.publish(topic, numbered(3, 1));
      const reader = new Reader();
      let wasTold = false;
      await messaging.consume({
        topic,
        group: uniqueName('group'),
        from: 'earliest',
        async handle(batch) {
          const until = performance.now() + 3 * limits.maxSilentWorkMs;
          while (performance.now() < until) {
            await batch.alive();
            await new Promise(setImmediate);
          }
          wasTold = batch.signal.aborted;
          await reader.handle(batch);
        },
      });
      await reader.first(3);
      expect(wasTold).toBe(false);
    });
  });
}
