import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '@touchline/event-store';
import type { Journal } from '@touchline/journal';
import type { Messaging, RunningConsumer } from '@touchline/messaging';
import { type Checkpoints, type LeaseTimes, whileHolding } from '@touchline/messaging/checkpoints';
import type { Logger } from '@touchline/service-kit';
import type { Examiner } from './incoming/examine-batch.ts';
import { IntakeInput } from './incoming/intake-input.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './limits.ts';
import type { ContentMode } from './outgoing/cloud-event.ts';
import { CUSTOMERS, publishCustomers } from './outgoing/customer-output.ts';
import type { CustomerSource } from './outgoing/customer-source.ts';
import { LogNews } from './outgoing/log-news.ts';
import { publishTouchpoints, TOUCHPOINTS } from './outgoing/touchpoint-output.ts';
import { OutputMeasures } from './output-measures.ts';
import { Republications } from './republication/republications.ts';
import { intakeGroup, type RelayTopics, topicNeeds } from './topics.ts';

export interface RelayParts {
  readonly journal: Pick<Journal, 'record' | 'read' | 'subscribe' | 'count' | 'head'>;
  readonly eventStore: Pick<EventStore, 'readAll'>;
  readonly customers: CustomerSource;
  readonly messaging: Messaging;
  readonly checkpoints: Checkpoints;
  readonly topics: RelayTopics;
  readonly mode: ContentMode;
  readonly examiner: Examiner;
  readonly logger: Logger;
  readonly limits?: Partial<RelayLimits>;
  readonly leaseTimes?: Partial<LeaseTimes>;
}

const LEASE = 'outputs';

/**
 * Carries the log to the broker and the broker's touchpoints to the log. Of several relays on one log one publishes, and all
 * share what comes in. What fails is tried again for as long as it runs: nothing is skipped in either direction.
 */
export class Relay {
  readonly measures: OutputMeasures;
  readonly republications: Republications;
  readonly parts: RelayParts & { readonly limits: RelayLimits };
  readonly #closing = new AbortController();
  readonly #running: readonly Promise<void>[];

  private constructor(parts: RelayParts) {
    this.parts = { ...parts, limits: { ...DEFAULT_LIMITS, ...parts.limits } };
    this.measures = new OutputMeasures(parts.logger);
    this.republications = new Republications({ ...this.parts, measures: this.measures });
    this.#running = [this.#untilClosed('topics', () => this.#carry())];
  }

  /** Waits for nothing: a broker that is away is waited for in the background. */
  static start(parts: RelayParts): Relay {
    return new Relay(parts);
  }

  /** Ends after the messages and pages at hand, and gives the lease up. The messaging stays open. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#running, this.republications.close()]);
  }

  async #carry(): Promise<void> {
    const { messaging, topics, logger } = this.parts;
    const made = await messaging.ensureTopics(topicNeeds(topics), { signal: this.#closing.signal });
    if (made.length > 0) logger.info({ topics: made }, 'topics made');
    await Promise.all([this.#publishWhileLeading(), this.#untilClosed('intake', () => this.#takeIn())]);
  }

  #publishWhileLeading(): Promise<void> {
    const { checkpoints, leaseTimes = {}, logger } = this.parts;
    const holder = randomUUID();
    return whileHolding((signal) => this.#publish(signal), {
      checkpoints,
      lease: LEASE,
      holder,
      signal: this.#closing.signal,
      times: leaseTimes,
      onFailure: (failure, retryMs) => {
        this.measures.failed('lease', failure, retryMs);
        logger.debug({ holder }, 'lease not held');
      },
    });
  }

  /** Each output goes on by itself: one that fails does not hold up the other. */
  async #publish(signal: AbortSignal): Promise<void> {
    const { topics } = this.parts;
    const parts = { ...this.parts, measures: this.measures, news: new LogNews() };
    this.measures.leads = true;
    this.parts.logger.info('relay publishes');
    try {
      await Promise.all([
        this.#until(signal, TOUCHPOINTS, () =>
          publishTouchpoints({ ...parts, topic: topics.touchpoints }, signal),
        ),
        this.#until(signal, CUSTOMERS, () => publishCustomers({ ...parts, topic: topics.customers }, signal)),
      ]);
    } finally {
      this.measures.leads = false;
      this.parts.logger.info('relay publishes no more');
    }
  }

  async #takeIn(): Promise<void> {
    const { topics } = this.parts;
    const input = new IntakeInput({
      ...this.parts,
      rejectedTopic: topics.rejected,
      measures: this.measures,
    });
    const consumer: RunningConsumer = await this.parts.messaging.consume({
      topic: topics.intake,
      group: intakeGroup(topics),
      from: 'earliest',
      handle: (batch) => input.handle(batch),
      onFailure: (failure) => this.measures.failed('intake', failure),
    });
    await aborted(this.#closing.signal);
    await consumer.close();
  }

  #untilClosed(part: string, work: () => Promise<void>): Promise<void> {
    return this.#until(this.#closing.signal, part, work);
  }

  /** Does `work` again, after growing pauses, each time it fails, until it ends in peace or `signal` aborts. */
  async #until(signal: AbortSignal, part: string, work: () => Promise<void>): Promise<void> {
    const { firstRetryMs, maxRetryMs } = this.parts.limits;
    for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, maxRetryMs)) {
      const since = performance.now();
      try {
        await work();
        return;
      } catch (failure) {
        if (signal.aborted) return;
        if (performance.now() - since > maxRetryMs) retryMs = firstRetryMs;
        this.measures.failed(part, failure, retryMs);
        await delay(retryMs, undefined, { signal }).catch(() => {}); // told to end: the loop does
      }
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
