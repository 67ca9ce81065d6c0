import { setTimeout as delay } from 'node:timers/promises';
import type { Surroundings } from './actors/surroundings.ts';

const PAUSE_MS = 5;

interface Read {
  readonly at: number;
  readonly ms: number;
  readonly isAnswered: boolean;
}

/** Reads first pages of timelines over and over, and remembers how long each took. */
export class ReadWatch {
  readonly #reads: Read[] = [];
  readonly #customers: readonly string[];

  constructor(customers: readonly string[]) {
    this.#customers = customers;
  }

  async run({ client, random, signal }: Surroundings): Promise<void> {
    while (!signal.aborted) {
      const customer = this.#customers[Math.floor(random() * this.#customers.length)];
      const at = performance.now();
      const answer = await client.ask(`/v1/customers/${customer}/timeline`);
      this.#reads.push({ at, ms: performance.now() - at, isAnswered: answer?.status === 200 });
      await delay(PAUSE_MS);
    }
  }

  /** Of the reads begun between two moments. */
  between(from: number, to: number) {
    const reads = this.#reads.filter(({ at }) => at >= from && at < to);
    const sorted = reads.map(({ ms }) => ms).sort((a, b) => a - b);
    const quantile = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
    return {
      reads: reads.length,
      failed: reads.filter(({ isAnswered }) => !isAnswered).length,
      p50: quantile(0.5),
      p99: quantile(0.99),
      longest: quantile(1),
    };
  }
}
