import { EventStoreError } from '../errors.ts';

/** The end of one call: after so long, or when it is no longer wanted. `signal.reason` is what the call fails with. */
export class Deadline implements Disposable {
  readonly #end = new AbortController();
  readonly #at: number;
  readonly #timer: NodeJS.Timeout;
  readonly #signals: readonly AbortSignal[];
  readonly #onAbort = () => this.#end.abort(this.#signals.find(({ aborted }) => aborted)?.reason);

  /** Throws the reason of a signal that is aborted already. */
  constructor(maxMs: number, ...signals: readonly (AbortSignal | undefined)[]) {
    this.#signals = signals.filter((signal) => signal !== undefined);
    for (const signal of this.#signals) signal.throwIfAborted();
    for (const signal of this.#signals) signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#at = performance.now() + maxMs;
    this.#timer = setTimeout(() => this.#end.abort(late(maxMs)), maxMs);
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** At least 1. */
  get leftMs(): number {
    return Math.max(1, Math.ceil(this.#at - performance.now()));
  }

  /** As `work`, or the end if that comes first; then nobody waits for `work` any more. */
  async bound<Result>(work: Promise<Result>): Promise<Result> {
    const { signal } = this;
    const ended = Promise.withResolvers<never>();
    const end = () => ended.reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    try {
      return await Promise.race([work, ended.promise]);
    } finally {
      signal.removeEventListener('abort', end);
      // Whoever loses the race must not end the process.
      work.catch(() => {});
      ended.promise.catch(() => {});
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort);
  }
}

function late(maxMs: number): EventStoreError {
  return new EventStoreError('event-store-unavailable', `the event store did not answer in ${maxMs} ms`);
}
