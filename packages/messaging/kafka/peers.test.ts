import { randomBytes } from 'node:crypto';
import { Consumer, type MessageToProduce, Producer } from '@platformatic/kafka';
import { describe, expect, test } from 'vitest';
import { uniqueName } from '../../../test/support/kafka.ts';
import type { Message } from '../index.ts';
import { BrokerScene } from './testing/broker-scene.ts';
import { Kcat, kcatGap } from './testing/kcat.ts';

const MAX_TEST_MS = 90_000;
const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
const MANY = 500;
const SENT: readonly Message[] = [
  { key: '客户-1', value: '订单到哪了? 🚚', headers: { 'ce-id': 'call-1', 原因: '延迟' } },
  { key: 'k', value: '{"a":1}' },
  { key: 'gone', value: null },
];

await BrokerScene.declare('other clients of Kafka', (scene) => {
  const gap = kcatGap();
  const kcat = new Kcat(scene.kafka.address);
  const forKcat = describe.skipIf(gap !== undefined);
  if (gap) test.skip(`kcat: ${gap}`, () => {});

  forKcat('kcat (librdkafka)', { timeout: MAX_TEST_MS }, () => {
    test.for(['none', 'gzip'])('reads what we publish, compression %s', async (compression) => {
      const messaging = scene.open({ url: `${scene.kafka.url}?compression=${compression}` });
      const topic = await scene.topic(messaging);
      await messaging.publish(topic, SENT);
      const read = await kcat.read(topic);
      expect(read.map(({ key, payload }) => ({ key, value: payload }))).toEqual(
        SENT.map(({ key, value }) => ({ key, value })),
      );
      expect(read[0]?.headers).toEqual(['ce-id', 'call-1', '原因', '延迟']);
    });

    test.for(COMPRESSIONS)('writes what we read, compression %s', async (compression) => {
      const messaging = scene.open();
      const topic = await scene.topic(messaging);
      const lines = Array.from(
        { length: MANY },
        (_, index) => `key-${index % 7}\t${index} 订单 ${'ab'.repeat(50)}`,
      );
      await kcat.write(topic, [...lines, 'gone\t'], ['-z', compression, '-H', 'ce-id=call-1']);
      const read = await (await scene.read(messaging, topic)).first(MANY + 1);
      expect(read.slice(0, MANY).map(({ key, value }) => `${key}\t${value}`)).toEqual(lines);
      expect(read.at(-1)?.value).toBeNull();
      expect(String(read[0]?.headers['ce-id'])).toBe('call-1');
    });

    test('puts a key into the partition where we put it', async () => {
      const messaging = scene.open();
      const topic = await scene.topic(messaging, { partitions: 5 });
      const keys = Array.from({ length: 100 }, (_, index) => `客户-${index}`);
      await messaging.publish(
        topic,
        keys.map((key) => ({ key, value: 'ours' })),
      );
      await kcat.write(
        topic,
        keys.map((key) => `${key}\ttheirs`),
      );
      const partitions = Map.groupBy(await kcat.read(topic), ({ key }) => key);
      expect(partitions.size).toBe(keys.length);
      for (const [first, second] of partitions.values()) expect(second?.partition).toBe(first?.partition);
    });
  });

  describe('@platformatic/kafka', { timeout: MAX_TEST_MS }, () => {
    const settings = { clientId: 'peer', bootstrapBrokers: [scene.kafka.address] };

    test('reads what we publish', async () => {
      const messaging = scene.open();
      const topic = await scene.topic(messaging);
      await messaging.publish(topic, SENT);
      const consumer = new Consumer({ ...settings, groupId: uniqueName('peer') });
      const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
      const read: Message[] = [];
      for await (const { key, value, headers } of stream) {
        const named = [...headers].map(([name, content]) => [String(name), String(content)]);
        read.push({ key: String(key), value: value ?? null, headers: Object.fromEntries(named) });
        if (read.length === SENT.length) break;
      }
      await consumer.close(true);
      expect(read.map(({ key, value }) => [key, value === null ? null : String(value)])).toEqual(
        SENT.map(({ key, value }) => [key, value]),
      );
      expect(read[0]?.headers).toEqual(SENT[0]?.headers);
    });

    test.for(COMPRESSIONS)('writes what we read, compression %s', async (compression) => {
      const messaging = scene.open();
      const topic = await scene.topic(messaging);
      const producer = new Producer(settings);
      const messages = Array.from(
        { length: MANY },
        (_, index): MessageToProduce<Buffer, Buffer, Buffer, Buffer> => {
          const filling = index % 2 ? randomBytes(300) : Buffer.from('abc'.repeat(100));
          const value = Buffer.concat([Buffer.from(`${index} `), filling]);
          return {
            topic,
            key: Buffer.from('k'),
            value,
            headers: new Map([[Buffer.from('h'), Buffer.from('v')]]),
          };
        },
      );
      await producer.send({ messages, compression });
      await producer.close();
      const read = await (await scene.read(messaging, topic)).first(MANY);
      expect(read.map(({ value }) => value)).toEqual(messages.map(({ value }) => value));
      expect(read.every(({ headers }) => String(headers.h) === 'v')).toBe(true);
    });
  });
});
