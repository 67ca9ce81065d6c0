import { setTimeout as delay } from 'node:timers/promises';
import type { ReadStore } from './read-store.ts';

/**
 * Being the one who folds a read model. It only saves work: whoever folds beside the leader loses the race for each step and
 * doubles nothing.
 */
export interface Leadership {
  /** Aborts when another one may lead: the connection that held it is gone. */
  readonly lost: AbortSignal;
  /** The next one leads at once. */
  resign(): Promise<void>;
}

export interface LeadingOptions {
  readonly signal: AbortSignal;
  /** Called when leadership could not be had or `work` failed; it is tried again after `retryMs`. */
  readonly onFailure: (failure: unknown, retryMs: number) => void;
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
}

/**
 * Runs `work` while this process leads the read model, and again whenever it leads again, until `signal` aborts. The signal
 * `work` is given aborts with `signal` or when leadership is lost; `work` is waited for in any case.
 */
export async function whileLeading(
  store: ReadStore,
  readModel: string,
  work: (signal: AbortSignal) => Promise<void>,
  { signal, onFailure, firstRetryMs = 100, maxRetryMs = 5_000 }: LeadingOptions,
): Promise<void> {
  let retryMs = firstRetryMs;
  while (!signal.aborted) {
    try {
      const leadership = await store.lead(readModel, { signal });
      retryMs = firstRetryMs;
      await work(AbortSignal.any([signal, leadership.lost])).finally(() => leadership.resign());
    } catch (failure) {
      if (signal.aborted && failure === signal.reason) return;
      onFailure(failure, retryMs);
      await delay(retryMs, undefined, { signal }).catch(() => {}); // told to end: the loop does
      retryMs = Math.min(retryMs * 2, maxRetryMs);
    }
  }
}
