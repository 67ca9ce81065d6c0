import type { StoredMessage } from '@touchline/messaging/testing';
import { until } from '../../../test/support/until.ts';
import { intakeGroup } from '../topics.ts';
import { cloudEvent, type RelayScene, TOPICS } from './relay-scene.ts';

export const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
export const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const LI = 'account:shop:1';

export function note(id: string, event: object = {}): Record<string, unknown> {
  return cloudEvent({ id, subject: LI, ...event });
}

/** What producers send in a scene, and what became of it. */
export class IntakeTraffic {
  readonly #scene: RelayScene;

  constructor(scene: RelayScene) {
    this.#scene = scene;
  }

  /** `value` as text, or as what is to be JSON. */
  produce(
    value: unknown,
    headers: Record<string, string | Buffer> = STRUCTURED,
    key: string | null = LI,
  ): void {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    this.#scene.broker.produce(TOPICS.intake, { key, value: text, headers });
  }

  /** Waits until everything that was sent is committed. */
  async taken(): Promise<void> {
    const { broker } = this.#scene;
    const sent = broker.messages(TOPICS.intake).length;
    const committed = () =>
      broker.committed(intakeGroup(TOPICS), TOPICS.intake).reduce((sum, one) => sum + one, 0);
    await until(() => committed() === sent, 'everything is committed');
  }

  /** Ids in log order. */
  async recorded(): Promise<readonly string[]> {
    return (await this.#scene.backing.journal.read()).map(({ touchpoint }) => touchpoint.id);
  }

  rejects(): readonly StoredMessage[] {
    return this.#scene.broker.messages(TOPICS.rejected);
  }

  /** Of the first reject. */
  problem(name: string): string {
    return String(this.rejects()[0]?.headers[`touchline-problem-${name}`]);
  }
}
