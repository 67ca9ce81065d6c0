import { setTimeout as delay } from 'node:timers/promises';

/** Growing pauses between attempts: each twice the one before, up to `maxMs`, and a random part of it. */
export class Pauses {
  readonly #firstMs: number;
  readonly #maxMs: number;
  #attempts = 0;

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
  }

  /** Starts over with the first. */
  reset(): void {
    this.#attempts = 0;
  }

  /** Between half and all of what it is at most: those that failed together do not come back together. */
  nextMs(): number {
    const fullMs = Math.min(this.#maxMs, this.#firstMs * 2 ** this.#attempts);
    this.#attempts += 1;
    return fullMs * (0.5 + Math.random() / 2);
  }

  /** Rejects with the reason of the signal when that comes first. */
  async next(signal: AbortSignal): Promise<void> {
    try {
      await delay(this.nextMs(), undefined, { signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }
}
