/** Right after a change the next is likely; the longer the silence, the longer the pauses. */
const MIN_POLL_MS = 2;
const PAUSE_PER_SILENCE = 0.01;

interface Waiting {
  /** The data version the waiting one has seen. */
  readonly seen: number;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Tells when the log may have grown. All waiting subscribers share one timer, which runs only while somebody waits
 * and asks for a number that SQLite keeps in shared memory (2 µs).
 */
export class ChangeWatch {
  readonly #dataVersion: () => number;
  readonly #maxPollMs: number;
  readonly #waiting = new Set<Waiting>();
  #changedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(dataVersion: () => number, maxPollMs: number) {
    this.#dataVersion = dataVersion;
    this.#maxPollMs = maxPollMs;
  }

  /** To be taken before looking at the log, and handed to `change` when there was nothing new. */
  mark(): number {
    return this.#dataVersion();
  }

  /** Resolves when something was committed after `mark`, or when `signal` aborts. Rejects when the watch ends. */
  async change(mark: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { seen: mark, resolve, reject };
    const stop = () => resolve();
    signal?.addEventListener('abort', stop, { once: true });
    this.#waiting.add(waiting);
    this.look();
    try {
      await promise;
    } finally {
      this.#waiting.delete(waiting);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Looks at once instead of at the next turn of the timer. */
  look(): void {
    if (this.#waiting.size === 0) return;
    try {
      this.#wake(this.#dataVersion());
      this.#timer ??= this.#lookLater();
    } catch (error) {
      this.close(error);
    }
  }

  /** Whoever waits fails with `reason`. */
  close(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { reject } of this.#waiting) reject(reason);
    this.#waiting.clear();
  }

  #lookLater(): NodeJS.Timeout | undefined {
    if (this.#waiting.size === 0) return undefined;
    const silenceMs = performance.now() - this.#changedAt;
    const pauseMs = Math.min(Math.max(silenceMs * PAUSE_PER_SILENCE, MIN_POLL_MS), this.#maxPollMs);
    return setTimeout(() => {
      this.#timer = undefined;
      this.look();
    }, pauseMs);
  }

  #wake(dataVersion: number): void {
    for (const waiting of this.#waiting) {
      if (waiting.seen === dataVersion) continue;
      this.#waiting.delete(waiting);
      this.#changedAt = performance.now();
      waiting.resolve();
    }
  }
}
