import { randomUUID } from 'node:crypto';
import type { Journal } from '@touchline/journal';
import type { Messaging } from '@touchline/messaging';
import type { RelayLimits } from '../limits.ts';
import { publishAll } from '../outgoing/publisher.ts';
import { touchpointMessages } from '../outgoing/touchpoint-messages.ts';
import type { OutputMeasures } from '../output-measures.ts';
import { codeOf } from '../relay-error.ts';
import { republicationNeed } from '../topics.ts';
import type { Republication, RepublicationOrder } from './republication.ts';

export interface RepublicationParts {
  readonly journal: Pick<Journal, 'read' | 'count'>;
  readonly messaging: Pick<Messaging, 'publish' | 'ensureTopics'>;
  readonly examiner: { readonly clock: { now(): number } };
  readonly limits: RelayLimits;
  readonly measures: OutputMeasures;
}

const PART = 'republication';

interface Kept {
  readonly job: Republication;
  readonly stop: AbortController;
  readonly running: Promise<void>;
}

/** Replays of ranges of the log, in this process: they end with it. They move no checkpoint. */
export class Republications {
  readonly #parts: RepublicationParts;
  readonly #kept = new Map<string, Kept>();

  constructor(parts: RepublicationParts) {
    this.#parts = parts;
  }

  get isFull(): boolean {
    return this.#underWay().length >= this.#parts.limits.maxRepublicationsUnderWay;
  }

  /** Newest first. */
  list(): readonly Republication[] {
    return [...this.#kept.values()].map(({ job }) => job).reverse();
  }

  find(job: string): Republication | undefined {
    return this.#kept.get(job)?.job;
  }

  start(order: RepublicationOrder): Republication {
    const job: Republication = {
      job: randomUUID(),
      order,
      startedAt: this.#parts.examiner.clock.now(),
      state: 'running',
      position: order.from - 1n,
      total: 0,
      looked: 0,
      published: 0,
    };
    const stop = new AbortController();
    this.#kept.set(job.job, { job, stop, running: this.#run(job, stop.signal) });
    this.#forgetOldest();
    return job;
  }

  /** Ends after the page at hand. What was published stays. */
  async cancel(job: string): Promise<void> {
    const kept = this.#kept.get(job);
    kept?.stop.abort();
    await kept?.running;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((job) => this.cancel(job)));
  }

  async #run(job: Republication, signal: AbortSignal): Promise<void> {
    try {
      await this.#publishRange(job, signal);
      job.state = 'done';
    } catch (failure) {
      job.state = signal.aborted ? 'cancelled' : 'failed';
      if (!signal.aborted) this.#failed(job, failure);
    }
    job.endedAt = this.#parts.examiner.clock.now();
  }

  async #publishRange(job: Republication, signal: AbortSignal): Promise<void> {
    const { journal, messaging, limits } = this.#parts;
    const { from, to, topic, mode, subjects } = job.order;
    const wanted = subjects === undefined ? undefined : new Set(subjects);
    job.total = await journal.count({ after: from - 1n, upTo: to });
    await messaging.ensureTopics([republicationNeed(topic)], { signal });
    for (;;) {
      signal.throwIfAborted();
      const page = await journal.read({ after: job.position, limit: limits.maxPageEvents, signal });
      const inRange = page.filter(({ position }) => position <= to);
      const last = inRange.at(-1);
      if (last === undefined) return;
      const chosen = wanted === undefined ? inRange : inRange.filter(({ subject }) => wanted.has(subject));
      const messages = chosen.flatMap((recorded) => touchpointMessages(recorded, mode));
      await publishAll({ topic, messages, signal, ...this.#callbacks(job) }, this.#parts);
      job.position = last.position;
      job.looked += inRange.length;
    }
  }

  #callbacks(job: Republication) {
    return {
      onPublished: (messages: number) => {
        job.published += messages;
        delete job.failure;
      },
      onFailure: (failure: unknown, retryMs: number) => this.#failed(job, failure, retryMs),
    };
  }

  #failed(job: Republication, failure: unknown, retryMs?: number): void {
    job.failure = codeOf(failure);
    this.#parts.measures.failed(PART, failure, retryMs);
  }

  #underWay(): readonly Kept[] {
    return [...this.#kept.values()].filter(({ job }) => job.state === 'running');
  }

  #forgetOldest(): void {
    const over = [...this.#kept.values()].filter(({ job }) => job.state !== 'running');
    const tooMany = this.#kept.size - this.#parts.limits.maxRepublicationsKept;
    for (const { job } of over.slice(0, Math.max(0, tooMany))) this.#kept.delete(job.job);
  }
}
