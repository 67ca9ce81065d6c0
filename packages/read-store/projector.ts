import { setTimeout as delay } from 'node:timers/promises';
import { Folder } from './folder.ts';
import type { Generation } from './generation.ts';
import { withPauses } from './pauses.ts';
import type { Foldable, ReadModel } from './projection.ts';
import { type RetryOutcome, retryParked } from './retry-parked.ts';

/** Where a projector reads. `subscribe` is gap-free and repeat-free, in log order. */
export interface Source<Event extends Foldable> {
  subscribe(options: {
    after: bigint;
    maxBatchEvents: number;
    signal: AbortSignal;
  }): AsyncIterable<readonly Event[]>;
  readSubject(subject: string, options: { from: number; limit: number }): Promise<readonly Event[]>;
  head(): Promise<bigint>;
}

export interface ProjectorLimits {
  /** Events folded before the thread yields. */
  readonly maxBatchEvents: number;
  /** Events whose rows leave in one transaction while catching up. Bounds memory together with one step in flight. */
  readonly maxStepEvents: number;
  /** A source that is silent this long after a full batch has caught up. */
  readonly pauseMs: number;
  /** Clean rows kept in memory between steps. */
  readonly maxCachedRows: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

const LIMITS: ProjectorLimits = {
  maxBatchEvents: 2_000,
  maxStepEvents: 16_000,
  pauseMs: 10,
  maxCachedRows: 100_000,
  firstRetryMs: 50,
  maxRetryMs: 5_000,
};

export interface ProjectorOptions<Event extends Foldable> {
  readonly readModel: ReadModel<Event>;
  readonly generation: Generation;
  readonly source: Source<Event>;
  readonly limits?: Partial<ProjectorLimits>;
  /** Called after each committed step. */
  readonly onStep?: (progress: Progress) => void;
  /** Called when the database or the log failed; the projector goes on by itself after `retryMs`. */
  readonly onFailure?: (failure: unknown, retryMs: number) => void;
}

export interface Progress {
  readonly position: bigint;
  /** Events of this step. */
  readonly events: number;
  /** No more events were waiting when the step was made. */
  readonly caughtUp: boolean;
}

/**
 * Keeps one generation of a read model up with the log. Each event is applied exactly once: rows and checkpoint
 * move together, and a projector that finds the checkpoint moved by another one starts again from there.
 */
export class Projector<Event extends Foldable> {
  readonly #options: ProjectorOptions<Event>;
  readonly #limits: ProjectorLimits;
  #folder: Folder<Event>;
  #position = 0n;
  #folded = 0n;
  #pendingEvents = 0;
  #inFlight: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ProjectorOptions<Event>) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#folder = this.#freshFolder();
  }

  /** Runs until `signal` aborts; what was folded by then is committed. Failures are retried with back-off, for ever. */
  async run(signal: AbortSignal): Promise<void> {
    let retryMs = this.#limits.firstRetryMs;
    while (!signal.aborted) {
      try {
        await this.#follow(signal, () => {
          retryMs = this.#limits.firstRetryMs;
        });
      } catch (failure) {
        if (signal.aborted) return;
        this.#options.onFailure?.(failure, retryMs);
        await delay(retryMs, undefined, { signal }).catch(() => {});
        retryMs = Math.min(retryMs * 2, this.#limits.maxRetryMs);
      }
    }
  }

  /** Folds what waits for one customer. Safe while `run` runs. */
  retry(customer: string): Promise<RetryOutcome> {
    return this.#inTurn(async () => {
      await this.#submit(true);
      const outcome = await retryParked(customer, this.#folder, this.#options.source, this.#position);
      await this.#submit(true);
      return outcome;
    });
  }

  async #follow(signal: AbortSignal, progressed: () => void): Promise<void> {
    await this.#restart();
    const { source, generation } = this.#options;
    let loading = await generation.isLoading();
    const { maxBatchEvents } = this.#limits;
    if (loading && (await source.head()) <= this.#position) loading = await this.#finishLoading();
    const batches = source.subscribe({ after: this.#position, maxBatchEvents, signal });
    for await (const events of withPauses(batches, this.#limits.pauseMs)) {
      const caughtUp = events.length < maxBatchEvents;
      await this.#inTurn(async () => {
        await this.#foldBatch(events);
        if (caughtUp || this.#pendingEvents >= this.#limits.maxStepEvents) await this.#submit(caughtUp);
      });
      if (loading && caughtUp) loading = await this.#finishLoading();
      progressed();
    }
    await this.#inTurn(() => this.#submit(true));
  }

  async #foldBatch(events: readonly Event[]): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    await this.#folder.fold(events);
    this.#folded = last.position;
    this.#pendingEvents += events.length;
  }

  /** While catching up one step is written as the next is folded; otherwise waits, so that a failure shows at once. */
  async #submit(wait: boolean): Promise<void> {
    await this.#inFlight;
    this.#inFlight = undefined;
    const step = { from: this.#position, to: this.#folded, changes: this.#folder.collect() };
    const events = this.#pendingEvents;
    this.#pendingEvents = 0;
    this.#position = step.to;
    const folder = this.#folder;
    if (step.from === step.to && step.changes.length === 0) {
      folder.rows.confirm(this.#limits.maxCachedRows);
      return;
    }
    const written = this.#options.generation.commit(step).then((outcome) => {
      if (outcome === 'lost-race') throw new LostRace(step.from);
      folder.rows.confirm(this.#limits.maxCachedRows);
      this.#options.onStep?.({ position: step.to, events, caughtUp: wait });
    });
    written.catch(() => {}); // awaited at the next submit; must not count as unhandled until then
    this.#inFlight = written;
    if (wait) await written;
  }

  async #restart(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#inFlight?.catch(() => {});
      this.#inFlight = undefined;
      this.#pendingEvents = 0;
      this.#folder = this.#freshFolder();
      this.#position = await this.#options.generation.checkpoint();
      this.#folded = this.#position;
    });
  }

  async #finishLoading(): Promise<false> {
    await this.#options.generation.finishLoading();
    return false;
  }

  #freshFolder(): Folder<Event> {
    return new Folder(this.#options.readModel, (asks) => this.#options.generation.load(asks));
  }

  /** One thing at a time: batches and retries take turns. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

/** Another projector moved the checkpoint; nothing was written. */
class LostRace extends Error {
  override readonly name = 'LostRace';
  constructor(from: bigint) {
    super(`the checkpoint is not at ${from} any more: another projector folds this read model`);
  }
}
