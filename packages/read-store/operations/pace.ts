import { setTimeout as delay } from 'node:timers/promises';

/** Shorter rests are put together: timers are not that exact. */
const MIN_REST_MS = 5;

/** Keeps long work to a share of the time, so that others on the machine keep theirs. */
export class Pace {
  readonly #restPerWork: number;
  #workingSince = performance.now();

  /** `share`: of the time, more than 0 and at most 1. */
  constructor(share: number) {
    this.#restPerWork = 1 / share - 1;
  }

  /** Waits until the work since the last rest has had no more than its share, or until `signal` aborts. */
  async rest(signal: AbortSignal): Promise<void> {
    const restMs = (performance.now() - this.#workingSince) * this.#restPerWork;
    if (restMs < MIN_REST_MS) return;
    await delay(restMs, undefined, { signal }).catch(() => {});
    this.#workingSince = performance.now();
  }
}
