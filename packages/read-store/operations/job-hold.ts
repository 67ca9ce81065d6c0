import { setTimeout as delay } from 'node:timers/promises';
import { type Claim, isFinished, type Job, type JobBoard, type JobState, type JobWish } from '../jobs.ts';
import type { JsonValue } from '../table.ts';

const TELL_EVERY_MS = 500;

/** Why work on a job stops before its end: somebody wishes so, another worker holds it, or this worker ends. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly why: 'pause' | 'cancel' | 'lost' | 'ending';
  constructor(why: Stopped['why']) {
    super(`stopped: ${why}`);
    this.why = why;
  }
}

/** A job in the hands of its worker: renews the lease, tells of progress, hears wishes. */
export class JobHold {
  readonly #board: JobBoard;
  readonly #claim: Claim;
  readonly #stop = new AbortController();
  /** Aborts when the work is to stop. */
  readonly signal: AbortSignal;
  #job: Job;
  #state: JobState;
  #telling: Promise<unknown> = Promise.resolve();

  constructor(job: Job, board: JobBoard, claim: Claim, ending: AbortSignal) {
    this.#job = job;
    this.#state = job.state;
    this.#board = board;
    this.#claim = claim;
    this.signal = AbortSignal.any([this.#stop.signal, ending]);
  }

  get job(): Job {
    return this.#job;
  }

  get state(): JobState {
    return this.#state;
  }

  /** Wish not heeded yet. */
  get wish(): JobWish | undefined {
    return this.#job.wish;
  }

  /** False when another worker holds the job. Throws what the board throws. */
  async tell(state: JobState, report: JsonValue, heeded?: JobWish): Promise<boolean> {
    // After one another: a report of before must not undo this state.
    this.#state = state;
    const told = this.#telling.then(async () => {
      const change = { state, report, ...(heeded === undefined ? {} : { heeded }) };
      const job = await this.#board.report(this.#job, this.#claim, change);
      if (job === undefined) this.#stop.abort(new Stopped('lost'));
      else this.#hear(job);
      return job !== undefined;
    });
    this.#telling = told.catch(() => {});
    return told;
  }

  /** Lets another worker go on at once. */
  async release(report: JsonValue): Promise<void> {
    await this.#telling;
    await this.#board.report(this.#job, { ...this.#claim, leaseMs: 0 }, { state: this.#state, report });
  }

  /** Tells of progress until `signal`. A board that is away for a while is no reason to stop: the lease may outlast it. */
  async ticking(report: () => JsonValue, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(TELL_EVERY_MS, undefined, { signal }).catch(() => {});
      if (signal.aborted || isFinished(this.#state)) return;
      await this.tell(this.#state, report()).catch(() => {});
    }
  }

  /** Waits a moment. Throws `Stopped` when the work is to stop. */
  async pause(ms: number): Promise<void> {
    this.throwIfStopped();
    await delay(ms, undefined, { signal: this.signal }).catch(() => this.throwIfStopped());
  }

  /** Throws `Stopped` when the work is to stop. */
  throwIfStopped(): void {
    if (this.signal.aborted) throw this.#why();
  }

  #why(): Stopped {
    const { reason } = this.#stop.signal;
    return reason instanceof Stopped ? reason : new Stopped('ending');
  }

  #hear(job: Job): void {
    this.#job = job;
    const { wish } = job;
    if (wish === 'pause' || wish === 'cancel') this.#stop.abort(new Stopped(wish));
  }
}
