import { Counter, type Registry } from '@touchline/service-kit';

/** Counts what became of touchpoints, as plain numbers: the metric is written only when somebody asks for it. */
export class OutcomeCounts {
  #accepted = 0;
  #duplicates = 0;
  #rejected = 0;

  constructor(registry: Registry) {
    const counts = () => ({
      accepted: this.#accepted,
      duplicate: this.#duplicates,
      rejected: this.#rejected,
    });
    new Counter({
      name: 'touchline_intake_touchpoints_total',
      help: 'Touchpoints taken in, by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(counts())) this.inc({ outcome }, count);
      },
    });
  }

  recorded(isDuplicate: boolean): void {
    if (isDuplicate) this.#duplicates += 1;
    else this.#accepted += 1;
  }

  rejected(): void {
    this.#rejected += 1;
  }
}
