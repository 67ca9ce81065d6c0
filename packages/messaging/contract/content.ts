import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Message } from '../messaging.ts';
import { onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';

const LARGE_BYTES = 800_000;
const MANY = 5_000;

export function contentContract(open: OpenHarness): void {
  describe('content', () => {
    test.for<[string, Message]>([
      ['any script', { key: '客户-1', value: '订单到哪了? 🚚', headers: { 原因: '延迟' } }],
      ['bytes that are no text', { key: 'k', value: Buffer.from([0, 255, 128, 10, 13]) }],
      ['an empty value', { key: 'k', value: '' }],
      ['an empty key', { key: '', value: 'v' }],
      ['an empty header', { key: 'k', value: 'v', headers: { empty: '' } }],
      ['many headers', { key: 'k', value: 'v', headers: headersOf(100) }],
      ['a header of a treacherous name', { key: 'k', value: 'v', headers: { constructor: 'x' } }],
      ['a large value', { key: 'k', value: randomBytes(LARGE_BYTES) }],
    ])('%s arrives as it was given', ([, message], context) =>
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        await broker.messaging.publish(topic, [message]);
        const [read] = await (await broker.read(topic)).first(1);
        expect(String(read?.key)).toBe(message.key);
        expect(read?.value).toEqual(Buffer.from(message.value ?? ''));
        const headers = Object.entries(read?.headers ?? {}).map(([name, content]) => [name, String(content)]);
        expect(Object.fromEntries(headers)).toEqual(message.headers ?? {});
      })(context),
    );

    test(
      'a tombstone arrives with its key and without a value, which is not the same as an empty one',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(1, 'compact');
        await broker.messaging.publish(topic, [
          { key: 'a', value: 'v' },
          { key: 'a', value: null, headers: { why: 'erased' } },
          { key: 'a', value: '' },
        ]);
        const read = await (await broker.read(topic)).first(3);
        expect(read.map(({ value }) => value)).toEqual([Buffer.from('v'), null, Buffer.alloc(0)]);
        expect(read.map(({ key }) => String(key))).toEqual(['a', 'a', 'a']);
      }),
    );

    test(
      'each message has an offset and a time',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const before = Date.now();
        await broker.messaging.publish(topic, [
          { key: 'a', value: '1' },
          { key: 'a', value: '2' },
        ]);
        const read = await (await broker.read(topic)).first(2);
        expect(read.map(({ offset }) => offset)).toEqual(['0', '1']);
        for (const { timestamp } of read) {
          expect(timestamp).toBeGreaterThanOrEqual(before);
          expect(timestamp).toBeLessThanOrEqual(Date.now());
        }
      }),
    );

    test(
      'far more than one request takes is published at once',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const filling = 'x'.repeat(1_000);
        const messages = Array.from({ length: MANY }, (_, index) => ({
          key: 'k',
          value: `${index} ${filling}`,
        }));
        await broker.messaging.publish(topic, messages);
        const read = await (await broker.read(topic)).first(MANY);
        expect(read.map(({ value }) => String(value))).toEqual(messages.map(({ value }) => value));
      }),
    );

    test(
      'a message that is too large is refused as such; what comes after it is taken',
      onBroker(open, async (broker) => {
        const topic = await broker.topic(3);
        const large = { key: 'k', value: randomBytes(broker.tooLargeBytes) };
        const tooLarge = { code: 'message-too-large', isRetryable: false };
        await expect(broker.messaging.publish(topic, [large])).rejects.toMatchObject(tooLarge);
        const after = ['a', 'b', 'c', 'd', 'k'].map((key) => ({ key, value: 'after' }));
        await expect(broker.messaging.publish(topic, [...after, large])).rejects.toMatchObject(tooLarge);
        await broker.messaging.publish(topic, after);
        const reader = await broker.read(topic);
        await reader.until(() => reader.byKey().size === after.length, 'a message of each key');
        expect([...reader.byKey().values()].flat()).not.toContain(large.value.toString());
      }),
    );
  });
}

function headersOf(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`header-${index}`, `value ${index}`]),
  );
}
