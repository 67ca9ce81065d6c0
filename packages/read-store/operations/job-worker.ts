import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Claim, JobBoard, JobKind } from '../jobs.ts';
import { reasonOf } from '../parking.ts';
import { JobHold, Stopped } from './job-hold.ts';
import type { CustomerReport, RebuildReport } from './rebuild-job.ts';

const LOOK_EVERY_MS = 250;
/** A worker tells every half second; one that is silent for so long is taken for dead. */
const LEASE_MS = 5_000;
/** Wait before a job is tried again whose database or log failed. */
const RETRY_MS = 2_000;

export interface JobWorkerOptions {
  readonly readModel: string;
  readonly board: JobBoard;
  /** What to do for each kind of job; kinds without an entry are left to other workers. */
  readonly work: Partial<Record<JobKind, (hold: JobHold) => Promise<void>>>;
  readonly onFailure?: (failure: unknown, retryMs: number) => void;
}

/** Does the jobs of one read model, one after the other, until `signal` aborts. */
export async function doJobs(options: JobWorkerOptions, signal: AbortSignal): Promise<void> {
  const { readModel, board, work } = options;
  const kinds = Object.keys(work) as JobKind[];
  const claim: Claim = { worker: randomUUID(), kinds, leaseMs: LEASE_MS };
  const wait = (ms: number) => delay(ms, undefined, { signal }).catch(() => {});
  while (!signal.aborted) {
    try {
      const job = await board.claim(readModel, claim);
      if (job === undefined) await wait(LOOK_EVERY_MS);
      else await doJob(new JobHold(job, board, claim, signal), options);
    } catch (failure) {
      options.onFailure?.(failure, RETRY_MS);
      await wait(RETRY_MS);
    }
  }
}

/** Failures that may pass leave the job as it is, to be claimed again at once, by whomever; others end it. */
async function doJob(hold: JobHold, { work }: JobWorkerOptions): Promise<void> {
  try {
    await work[hold.job.kind]?.(hold);
  } catch (failure) {
    if (failure instanceof Stopped) return;
    if ((failure as { isRetryable?: unknown }).isRetryable === true) {
      await hold.release(hold.job.report).catch(() => {}); // then it is let go when the lease is over
      throw failure;
    }
    const reason = reasonOf(failure);
    const report: RebuildReport | CustomerReport =
      hold.job.kind === 'rebuild'
        ? { ...(hold.job.report as RebuildReport), failure: reason }
        : { folded: 0, waiting: 0, reason };
    await hold.tell('failed', report);
  }
}
