import { setTimeout as delay } from 'node:timers/promises';
import type { Checkpoints } from './checkpoints.ts';

export interface LeaseTimes {
  /** A holder that does not renew is taken for dead after this. */
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  /** How often one who waits asks. */
  readonly askEveryMs: number;
}

/** Another process takes over within `leaseMs` and `askEveryMs` of a death: four seconds. */
export const LEASE_TIMES: LeaseTimes = { leaseMs: 3_500, renewEveryMs: 1_000, askEveryMs: 500 };
/** A holder stops this part of a lease before it ends: clocks differ in pace, and stopping takes a moment. */
const MARGIN = 0.15;
const MAX_RETRY_MS = 5_000;

export interface HoldingOptions {
  readonly checkpoints: Checkpoints;
  readonly lease: string;
  /** Unique for each process. */
  readonly holder: string;
  readonly signal: AbortSignal;
  /** Called when the lease could not be had or renewed, or `work` failed; it is tried again after `retryMs`. */
  readonly onFailure: (failure: unknown, retryMs: number) => void;
  readonly times?: Partial<LeaseTimes>;
}

/**
 * Runs `work` while this process holds the lease, and again whenever it holds it again, until `signal` aborts. The signal
 * `work` is given aborts with `signal`, or before the lease can belong to another one; `work` is waited for in any case.
 */
export async function whileHolding(
  work: (signal: AbortSignal) => Promise<void>,
  options: HoldingOptions,
): Promise<void> {
  const { checkpoints, lease, holder, signal, onFailure } = options;
  const times = { ...LEASE_TIMES, ...options.times };
  let retryMs = times.askEveryMs;
  while (!signal.aborted) {
    try {
      const takenAt = performance.now();
      if (await checkpoints.take(lease, holder, times.leaseMs)) await hold(work, options, times, takenAt);
      await pause(times.askEveryMs, signal);
      retryMs = times.askEveryMs;
    } catch (failure) {
      if (signal.aborted) return;
      onFailure(failure, retryMs);
      await pause(retryMs, signal);
      retryMs = Math.min(retryMs * 2, MAX_RETRY_MS);
    }
  }
}

async function hold(
  work: (signal: AbortSignal) => Promise<void>,
  { checkpoints, lease, holder, signal, onFailure }: HoldingOptions,
  times: LeaseTimes,
  takenAt: number,
): Promise<void> {
  const lost = new AbortController();
  const held = AbortSignal.any([signal, lost.signal]);
  const until = (since: number) => since + times.leaseMs * (1 - MARGIN) - performance.now();
  let ending = setTimeout(() => lost.abort(), until(takenAt));
  const renewing = renew();
  try {
    await work(held);
  } finally {
    lost.abort();
    clearTimeout(ending);
    await renewing;
    // One who cannot say so lets it run out.
    await checkpoints.giveUp(lease, holder).catch(() => {});
  }

  async function renew(): Promise<void> {
    while (!held.aborted) {
      await pause(times.renewEveryMs, held);
      if (held.aborted) return;
      const asked = performance.now();
      try {
        if (!(await checkpoints.take(lease, holder, times.leaseMs))) lost.abort();
        clearTimeout(ending);
        if (!held.aborted) ending = setTimeout(() => lost.abort(), until(asked));
      } catch (failure) {
        onFailure(failure, times.renewEveryMs);
      }
    }
  }
}

/** Ends early when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
