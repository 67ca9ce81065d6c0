import type { JsonValue } from './table.ts';

/**
 * Work on a read model that outlives processes: asked for by anybody, done by whoever folds that read model. A job is held by
 * one worker at a time, for a lease that it renews with each report; when a worker dies, another goes on from what the
 * job's generation has.
 */
export interface JobBoard {
  /** A new job, `planned`. Throws `job-conflict` while another of the same kind with the same `subject` is not finished. */
  post(job: NewJob): Promise<Job>;

  find(readModel: string, id: string): Promise<Job | undefined>;

  /** Newest first; `before` is the id of the last one seen. */
  list(readModel: string, options: { limit: number; before?: string }): Promise<readonly Job[]>;

  /** Leaves word for the worker; a later wish replaces one not heeded yet. A finished job stays as it is. */
  wish(readModel: string, id: string, wish: JobWish): Promise<Job | undefined>;

  /** Whether `claim` would find a job of these kinds. */
  isDue(readModel: string, kinds: readonly JobKind[]): Promise<boolean>;

  /** The oldest job of these kinds that has something to do and that no worker holds. */
  claim(readModel: string, by: Claim): Promise<Job | undefined>;

  /**
   * Writes what became of a job and renews the lease; in a state that rests or is finished the job is let go. Answers the
   * job as it is, with a wish that came meanwhile, or `undefined` when another worker holds it: then stop at once.
   */
  report(job: Job, by: Pick<Claim, 'worker' | 'leaseMs'>, change: JobChange): Promise<Job | undefined>;
}

export interface Claim {
  readonly worker: string;
  readonly kinds: readonly JobKind[];
  /** How long the worker may be silent. At most `MAX_LEASE_MS`. */
  readonly leaseMs: number;
}

/**
 * Leases are told by the database's clock, or that of its machine. One that seems to last longer was given before this clock
 * was set back, and counts as over: a dead worker's job waits no longer than this, and a living one renews within moments.
 */
export const MAX_LEASE_MS = 60_000;

export interface NewJob {
  readonly readModel: string;
  readonly kind: JobKind;
  /** What it is about, if that is not the whole read model: a customer. */
  readonly subject?: string;
  readonly request: JsonValue;
}

export interface Job extends NewJob {
  /** UUID. */
  readonly id: string;
  readonly state: JobState;
  readonly wish: JobWish | undefined;
  /** What the worker last told; `null` at first. */
  readonly report: JsonValue;
  /** Milliseconds since the epoch. */
  readonly postedAt: number;
  readonly changedAt: number;
}

export interface JobChange {
  readonly state: JobState;
  readonly report: JsonValue;
  /** The wish that this change answers is taken off the board; one that came after it stays. */
  readonly heeded?: JobWish;
}

/** `rebuild` makes a generation; `retry` folds a parked customer; `repair` folds one customer anew. */
export type JobKind = 'rebuild' | 'retry' | 'repair';
export type JobWish = 'pause' | 'resume' | 'cancel' | 'verify' | 'promote';

/** Something is to be done. */
const ACTIVE = ['planned', 'running', 'catching-up', 'verifying'] as const;
/** Waits for a wish. */
const RESTING = ['paused', 'ready', 'differs'] as const;
const FINISHED = ['promoted', 'done', 'failed', 'cancelled'] as const;

export type JobState = (typeof ACTIVE)[number] | (typeof RESTING)[number] | (typeof FINISHED)[number];

export const JOB_STATES = { active: ACTIVE, resting: RESTING, finished: FINISHED } as const;

export function isFinished(state: JobState): boolean {
  return (FINISHED as readonly JobState[]).includes(state);
}

export function isActive(state: JobState): boolean {
  return (ACTIVE as readonly JobState[]).includes(state);
}
