import { describe, expect, test } from 'vitest';
import { numbered, onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';

const reason = new Error('no longer wanted');

export function abortContract(open: OpenHarness): void {
  describe('abort', () => {
    test(
      'a call that is aborted beforehand fails with the reason and does nothing',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const signal = AbortSignal.abort(reason);
        await expect(broker.messaging.publish(topic, numbered(1, 1), { signal })).rejects.toBe(reason);
        await expect(broker.messaging.check({ signal })).rejects.toBe(reason);
        const need = { topic: broker.name('never'), partitions: 1, retention: 'for-ever' as const };
        await expect(broker.messaging.ensureTopics([need], { signal })).rejects.toBe(reason);
        await broker.messaging.publish(topic, [{ key: 'k', value: 'after' }]);
        const read = await (await broker.read(topic)).first(1);
        expect(read.map(({ value }) => String(value))).toEqual(['after']);
      }),
    );

    test(
      'publishing that is aborted under way fails with the reason; published again, the order holds',
      onBroker(open, async (broker) => {
        const topic = await broker.topic();
        const stop = new AbortController();
        const messages = numbered(3_000, 1);
        const call = broker.messaging.publish(topic, messages, { signal: stop.signal });
        stop.abort(reason);
        await expect(call).rejects.toBe(reason);
        await broker.messaging.publish(topic, messages);
        await broker.messaging.publish(topic, [{ key: 'end', value: 'end' }]);
        const reader = await broker.read(topic);
        await reader.until(() => reader.byKey().has('end'), 'the end');
        const values = reader.messages.map(({ value }) => String(value));
        expect(values.slice(-messages.length - 1)).toEqual([...messages.map(({ value }) => value), 'end']);
      }),
    );
  });
}
