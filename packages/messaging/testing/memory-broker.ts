import { MessagingError } from '../errors.ts';
import type { Consumption, TopicNeed } from '../messaging.ts';
import { MemoryGroup } from './memory-group.ts';
import { type ForeignMessage, MemoryTopic, type StoredMessage } from './memory-topic.ts';
import { PublishTrouble } from './publish-trouble.ts';

/** Of a topic that is there because somebody has sent to it. */
const PARTITIONS = 4;

/** What several `MemoryMessaging` have in common: topics, groups, whether it is up, and what goes wrong. */
export class MemoryBroker {
  readonly trouble = new PublishTrouble();
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #groups = new Map<string, MemoryGroup>();
  #isUp = true;

  async crash(): Promise<void> {
    this.#isUp = false;
    await Promise.all([...this.#groups.values()].map((group) => group.pause()));
  }

  async start(): Promise<void> {
    this.#isUp = true;
    await Promise.all([...this.#groups.values()].map((group) => group.resume()));
  }

  demandUp(): void {
    if (!this.#isUp) throw new MessagingError('messaging-unavailable', 'the broker is not up');
  }

  /** Whether it had to be made. */
  ensureTopic(need: TopicNeed): boolean {
    const found = this.#topics.get(need.topic);
    if (found === undefined) {
      this.#topics.set(need.topic, new MemoryTopic(need));
      return true;
    }
    if ((found.need.retention === 'compact') === (need.retention === 'compact')) return false;
    throw new MessagingError('topic-unfit', `topic ${need.topic} would lose messages`);
  }

  topic(name: string): MemoryTopic {
    const found = this.#topics.get(name);
    if (found === undefined) throw new MessagingError('topic-missing', `there is no topic ${name}`);
    return found;
  }

  group({ topic, group, from }: Consumption): MemoryGroup {
    const key = groupKey(topic, group);
    const found = this.#groups.get(key) ?? new MemoryGroup(this.topic(topic), from);
    this.#groups.set(key, found);
    return found;
  }

  /** As a foreign client does, to a topic that need not be there yet. */
  produce(topic: string, ...messages: readonly ForeignMessage[]): void {
    if (!this.#topics.has(topic)) this.ensureTopic({ topic, partitions: PARTITIONS, retention: 'for-ever' });
    this.topic(topic).append(messages);
  }

  /** Of every partition, one after the other: in order for each key. */
  messages(topic: string): readonly StoredMessage[] {
    return this.#topics.get(topic)?.partitions.flat() ?? [];
  }

  /** Last value of each key, as a compacted topic keeps it. */
  compacted(topic: string): ReadonlyMap<string, string> {
    const kept = new Map<string, string>();
    for (const { key, value } of this.messages(topic)) {
      if (value === null) kept.delete(String(key));
      else kept.set(String(key), value.toString());
    }
    return kept;
  }

  /** First offset of each partition that the group has not committed; nothing while nobody has joined it. */
  committed(group: string, topic: string): readonly number[] {
    return this.#groups.get(groupKey(topic, group))?.committed ?? [];
  }
}

function groupKey(topic: string, group: string): string {
  return JSON.stringify([topic, group]);
}
