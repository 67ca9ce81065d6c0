import { setTimeout as delay } from 'node:timers/promises';
import { ReadStoreError } from '../errors.ts';
import { isFinished } from '../jobs.ts';
import type { Foldable, ReadModel } from '../projection.ts';
import { Projector, type ProjectorOptions } from '../projector.ts';
import type { ReadStore } from '../read-store.ts';
import type { JobHold } from './job-hold.ts';
import { madeFor } from './made-for.ts';
import { MarkedSource } from './marked-source.ts';
import type { CustomerReport, RebuildRequest } from './rebuild-job.ts';

/** How often it is looked whether another generation has been made live. */
const FOLLOW_EVERY_MS = 100;
/** Jobs looked through for a rebuild that is asked for already; retries and repairs are among them. */
const RECENT_JOBS = 100;
const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 5_000;

export interface LiveProjectorOptions<Event extends Foldable>
  extends Omit<ProjectorOptions<Event>, 'generation'> {
  readonly readStore: ReadStore;
  /** Called when another generation is followed from now on. */
  readonly onGeneration?: (number: number) => void;
}

/**
 * Keeps what readers see up with the log, through promotions and rollbacks. Where projections have changed since the live
 * generation was made, it asks for a rebuild and waits until that is promoted.
 */
export class LiveProjector<Event extends Foldable> {
  readonly #options: LiveProjectorOptions<Event>;
  readonly #readModel: ReadModel<never>;
  #projector: Projector<Event> | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: LiveProjectorOptions<Event>) {
    this.#options = options;
    this.#readModel = options.readModel as ReadModel<never>;
  }

  /** Runs until `signal` aborts. Failures are retried with back-off, for ever. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#followOne(signal);
      } catch (failure) {
        if (failure instanceof ReadStoreError && failure.code === 'read-model-outdated')
          await this.#askForRebuild(signal).catch((cause) => this.#failed(cause, signal));
        else await this.#failed(failure, signal);
      }
    }
  }

  /** Does a job of the kind `retry`; see `Projector.retry`. Throws `read-model-loading` while no generation is followed. */
  async doRetry(hold: JobHold): Promise<void> {
    const retried = await this.#working(hold, (projector) => projector.retry(hold.job.subject ?? ''));
    const report: CustomerReport = { ...retried, reason: retried.reason ?? null };
    await hold.tell(retried.waiting === 0 ? 'done' : 'failed', report);
  }

  /** Does a job of the kind `repair`; see `Projector.repair`. Throws `read-model-loading` while no generation is followed. */
  async doRepair(hold: JobHold): Promise<void> {
    const folded = await this.#working(hold, (projector) => projector.repair(hold.job.subject ?? ''));
    const report: CustomerReport = { folded, waiting: 0, reason: null };
    await hold.tell('done', report);
  }

  /** Keeps the job while the projector works on it. */
  async #working<T>(hold: JobHold, work: (projector: Projector<Event>) => Promise<T>): Promise<T> {
    if (this.#projector === undefined)
      throw new ReadStoreError('read-model-loading', 'the read model is being built from the log');
    const ticking = new AbortController();
    const telling = hold.ticking(() => hold.job.report, ticking.signal);
    try {
      return await work(this.#projector);
    } finally {
      ticking.abort();
      await telling;
    }
  }

  async #followOne(signal: AbortSignal): Promise<void> {
    const { readStore, onGeneration, onStep, ...options } = this.#options;
    const generation = await readStore.openLive(this.#readModel);
    const switched = new AbortController();
    try {
      onGeneration?.(generation.number);
      this.#projector = new Projector({
        ...options,
        source: new MarkedSource(options.source, readStore.generations, this.#readModel.name),
        generation,
        onStep: (progress) => {
          this.#retryMs = FIRST_RETRY_MS;
          onStep?.(progress);
        },
      });
      const watching = this.#watch(generation.number, switched, signal);
      await this.#projector.run(AbortSignal.any([signal, switched.signal]));
      switched.abort();
      await watching;
    } finally {
      this.#projector = undefined;
      await generation.close();
    }
  }

  /** Aborts `switched` when another generation is live. */
  async #watch(number: number, switched: AbortController, signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, switched.signal]);
    while (!ended.aborted) {
      await delay(FOLLOW_EVERY_MS, undefined, { signal: ended }).catch(() => {});
      const live = await this.#options.readStore.generations.live(this.#readModel).catch(() => number);
      if (live !== number) switched.abort();
    }
  }

  async #askForRebuild(signal: AbortSignal): Promise<void> {
    const { generations } = this.#options.readStore;
    let isAsked = false;
    while (!signal.aborted && (await generations.live(this.#readModel)) === undefined) {
      if (!isAsked) isAsked = await this.#ask();
      await delay(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** False while a rebuild for others is not finished. One that was asked for before a restart, or elsewhere, is ours too. */
  async #ask(): Promise<boolean> {
    const { readModel, readStore } = this.#options;
    const { jobs } = readStore;
    const request: RebuildRequest = {
      reason: 'the projections have changed',
      by: 'touchline',
      promote: 'auto',
      verify: false,
      madeFor: madeFor(this.#readModel),
    };
    for (const job of await jobs.list(readModel.name, { limit: RECENT_JOBS })) {
      if (job.kind !== 'rebuild' || isFinished(job.state)) continue;
      return (job.request as RebuildRequest).madeFor === request.madeFor;
    }
    try {
      await jobs.post({ readModel: readModel.name, kind: 'rebuild', request });
      return true;
    } catch (failure) {
      if (failure instanceof ReadStoreError && failure.code === 'job-conflict') return false;
      throw failure;
    }
  }

  async #failed(failure: unknown, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#options.onFailure?.(failure, this.#retryMs);
    await delay(this.#retryMs, undefined, { signal }).catch(() => {});
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }
}
