import { describe, expect, test } from 'vitest';
import type { TopicNeed } from '../messaging.ts';
import { onBroker } from './broker-under-test.ts';
import type { OpenHarness } from './harness.ts';

export function topicsContract(open: OpenHarness): void {
  describe('topics', () => {
    test(
      'those that are missing are made, and answered; a second time there is nothing to do',
      onBroker(open, async ({ messaging, name }) => {
        const needs: readonly TopicNeed[] = [
          { topic: name('a'), partitions: 3, retention: 'for-ever' },
          { topic: name('b'), partitions: 1, retention: 'compact' },
          { topic: name('c'), partitions: 1, retention: { forMs: 3_600_000 } },
        ];
        const names = needs.map(({ topic }) => topic);
        expect(await messaging.ensureTopics(needs)).toEqual(names);
        expect(await messaging.ensureTopics(needs)).toEqual([]);
      }),
    );

    test(
      'two processes that make the same topics at once both succeed, and one of them made each',
      onBroker(open, async (broker) => {
        const needs = ['a', 'b', 'c', 'd', 'e'].map(
          (name): TopicNeed => ({ topic: broker.name(name), partitions: 2, retention: 'for-ever' }),
        );
        const both = [broker.messaging, broker.another()];
        const made = await Promise.all(both.map((messaging) => messaging.ensureTopics(needs)));
        expect(made.flat().toSorted()).toEqual(needs.map(({ topic }) => topic).toSorted());
      }),
    );

    test.for<[string, TopicNeed['retention'], TopicNeed['retention']]>([
      ['is not compacted and should be', 'for-ever', 'compact'],
      ['is compacted and should not be', 'compact', 'for-ever'],
    ])('one that %s is refused as unfit', ([, made, needed], context) =>
      onBroker(open, async (broker) => {
        const topic = await broker.topic(1, made);
        const call = broker.messaging.ensureTopics([{ topic, partitions: 1, retention: needed }]);
        await expect(call).rejects.toMatchObject({ code: 'topic-unfit', isRetryable: false });
      })(context),
    );

    test(
      'what is published to one that is missing fails as such, and the topic is not made',
      onBroker(open, async ({ messaging, name }) => {
        const topic = name('missing');
        const missing = { code: 'topic-missing', isRetryable: false };
        await expect(messaging.publish(topic, [{ key: 'k', value: 'v' }])).rejects.toMatchObject(missing);
        const need: TopicNeed = { topic, partitions: 1, retention: 'for-ever' };
        expect(await messaging.ensureTopics([need])).toEqual([topic]);
        await messaging.publish(topic, [{ key: 'k', value: 'v' }]);
      }),
    );
  });
}
