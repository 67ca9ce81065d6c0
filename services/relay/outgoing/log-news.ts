import { setTimeout as delay } from 'node:timers/promises';

interface Rest {
  readonly atMostMs: number;
  readonly signal: AbortSignal;
}

/** How far the log is known to reach, so that who depends on it need not ask while nothing happens. */
export class LogNews {
  #newest = 0n;
  #next = Promise.withResolvers<void>();

  get newest(): bigint {
    return this.#newest;
  }

  /** The log holds an event at this position. */
  reaches(position: bigint): void {
    if (position <= this.#newest) return;
    this.#newest = position;
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Resolves with the next news, after `atMostMs`, or when `signal` aborts. */
  async rest({ atMostMs, signal }: Rest): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    // Cut short by either: who rests goes on.
    const time = delay(atMostMs, undefined, { signal: either }).catch(() => {});
    await Promise.race([this.#next.promise, time]);
    over.abort();
  }
}
