import type { EventStoreError } from '../errors.ts';
import type { EventStoreDbLimits } from './limits.ts';
import { Pauses } from './pauses.ts';

/** Decides how long a subscription that ended is resumed, and how often. */
export class OutageWatch {
  readonly #maxOutageMs: number;
  readonly #pauses: Pauses;
  #since: number | undefined;

  constructor(limits: Pick<EventStoreDbLimits, 'resumePauseMs' | 'maxResumePauseMs' | 'maxOutageMs'>) {
    this.#maxOutageMs = limits.maxOutageMs;
    this.#pauses = new Pauses(limits.resumePauseMs, limits.maxResumePauseMs);
  }

  /** Throws the failure when waiting does not help, or has not helped for too long. */
  failed(failure: EventStoreError): void {
    const now = performance.now();
    this.#since ??= now;
    if (!failure.isRetryable || now - this.#since > this.#maxOutageMs) throw failure;
  }

  /** The server is there again. */
  confirmed(): void {
    this.#since = undefined;
  }

  /** Events come again: whatever happens next has nothing to do with what was. */
  delivered(): void {
    this.#pauses.reset();
  }

  /** Rejects with the reason of the signal. */
  async pause(signal: AbortSignal): Promise<void> {
    await this.#pauses.next(signal);
  }
}
