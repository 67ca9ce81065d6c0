import { MessagingError } from '../errors.ts';
import type { Consumption, TopicNeed } from '../messaging.ts';
import { MemoryGroup } from './memory-group.ts';
import { MemoryTopic } from './memory-topic.ts';

/** What several `MemoryMessaging` have in common: topics, groups, and whether it is up. */
export class MemoryBroker {
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
    const key = JSON.stringify([topic, group]);
    const found = this.#groups.get(key) ?? new MemoryGroup(this.topic(topic), from);
    this.#groups.set(key, found);
    return found;
  }
}
