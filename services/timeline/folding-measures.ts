import type { Journal } from '@touchline/journal';
import type { Progress } from '@touchline/read-store';
import { Counter, Gauge, type Registry } from '@touchline/service-kit';

/** What the projector of this process did, for `/metrics`. Begins before there is a server to show it. */
export class FoldingMeasures {
  readonly #journal: Pick<Journal, 'count' | 'counting'>;
  readonly #folded = new Counter({
    name: 'touchline_projector_folded_events_total',
    help: 'Events the projector of this process took from the log: folded, parked, or dropped as repeats',
    registers: [],
  });
  readonly #repeated = new Counter({
    name: 'touchline_projector_repeated_events_total',
    help: 'Of these, dropped because the log holds an earlier event of the same id; each has a row in repeated_events',
    registers: [],
  });
  readonly #skipped = new Counter({
    name: 'touchline_projector_skipped_events_total',
    help: 'Events the log counts in the steps committed beyond those the projector was given: must stay 0 (of a log that counts by estimate nothing can be said)',
    registers: [],
  });
  readonly #failures = new Counter({
    name: 'touchline_projector_failures_total',
    help: 'Failures of database, log or thread; the projector goes on by itself',
    labelNames: ['code'],
    registers: [],
  });
  readonly #lastStep = new Gauge({
    name: 'touchline_projector_last_step_timestamp_seconds',
    help: 'When the projector of this process last committed a step; 0 before the first',
    registers: [],
  });

  constructor(journal: Pick<Journal, 'count' | 'counting'>) {
    this.#journal = journal;
  }

  register(registry: Registry): void {
    for (const metric of [this.#folded, this.#repeated, this.#skipped, this.#failures])
      registry.registerMetric(metric as Counter);
    registry.registerMetric(this.#lastStep);
  }

  /**
   * The log is asked anew what lay between the two positions: a check that shares nothing with the way the events came. One that
   * answers by estimate is not asked.
   */
  step({ from, position, events, repeats }: Progress): void {
    this.#folded.inc(events);
    this.#repeated.inc(repeats);
    this.#lastStep.setToCurrentTime();
    if (this.#journal.counting === 'estimate') return;
    this.#journal.count({ after: from, upTo: position }).then(
      (counted) => this.#skipped.inc(Math.max(0, counted - events)),
      () => {}, // the log is closed or away: then nothing can be said
    );
  }

  failure(code: string): void {
    this.#failures.inc({ code });
  }
}
