import { afterAll, test } from 'vitest';
import { type KafkaForTests, openKafkaForTests, uniqueName } from '../../../../test/support/kafka.ts';
import { Reader } from '../../contract/reader.ts';
import type { Messaging, TopicNeed } from '../../index.ts';
import { type KafkaOptions, openKafka } from '../index.ts';

/** One broker for a whole test file, and what its tests open on it. */
export class BrokerScene {
  readonly kafka: KafkaForTests;
  readonly #open: Messaging[] = [];

  private constructor(kafka: KafkaForTests) {
    this.kafka = kafka;
  }

  /** Declares `tests` where there is a broker, else one test that is skipped with the reason. */
  static async declare(what: string, tests: (scene: BrokerScene) => void): Promise<void> {
    const kafka = await openKafkaForTests();
    if ('missing' in kafka) {
      test.skip(`${what}: ${kafka.missing}`, () => {});
      return;
    }
    const scene = new BrokerScene(kafka);
    afterAll(() => scene.#close());
    tests(scene);
  }

  open(options: Partial<KafkaOptions> = {}): Messaging {
    const messaging = openKafka({ url: this.kafka.url, clientId: 'scene', ...options });
    this.#open.push(messaging);
    return messaging;
  }

  async topic(messaging: Messaging, need: Partial<TopicNeed> = {}): Promise<string> {
    const topic = uniqueName('topic');
    await messaging.ensureTopics([{ topic, partitions: 1, retention: 'for-ever', ...need }]);
    return topic;
  }

  /** Collects what a group, by default one of its own, is handed. */
  async read(messaging: Messaging, topic: string, group = uniqueName('group')): Promise<Reader> {
    const reader = new Reader();
    const { handle, onFailure } = reader;
    await messaging.consume({ topic, group, from: 'earliest', handle, onFailure });
    return reader;
  }

  async #close(): Promise<void> {
    await Promise.all(this.#open.map((messaging) => messaging.close()));
    await this.kafka.close();
  }
}
