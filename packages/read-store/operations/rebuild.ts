import type { Generation } from '../generation.ts';
import type { JobState, JobWish } from '../jobs.ts';
import type { Foldable, ReadModel } from '../projection.ts';
import { Projector, type ProjectorLimits, type Source } from '../projector.ts';
import type { ReadStore } from '../read-store.ts';
import { GatedSource } from './gated-source.ts';
import { type JobHold, Stopped } from './job-hold.ts';
import { madeFor } from './made-for.ts';
import { MarkedSource } from './marked-source.ts';
import { Pace } from './pace.ts';
import type { RebuildReport, RebuildRequest, Verification } from './rebuild-job.ts';
import { RebuildProgress } from './rebuild-progress.ts';
import { verify } from './verify.ts';

/** How often a position is looked at while something is waited for. */
const LOOK_EVERY_MS = 5;
/** How long a promoted generation is kept up with the log here while its own projector takes over. */
const HANDOVER_MS = 1_000;
const LEAVE_MS = 1_000;
/** Of the time, what a throttled rebuild compares for. */
const THROTTLED_SHARE = 0.5;

export interface RebuildOptions<Event extends Foldable> {
  readonly readModel: ReadModel<Event>;
  readonly readStore: ReadStore;
  readonly source: Source<Event>;
  readonly limits?: Partial<ProjectorLimits>;
  /** Generations that were live once and are kept for a rollback. */
  readonly keep: number;
  /** Told of failures that are tried again. */
  readonly onFailure?: (failure: unknown, retryMs: number) => void;
}

/**
 * Folds the log into a generation beside the live one, compares the two at one position, and makes it live. Whatever a worker
 * that died had committed is gone on from. Readers see nothing of it until it is promoted, and then all of it.
 */
export class Rebuild<Event extends Foldable> {
  readonly #options: RebuildOptions<Event>;
  readonly #hold: JobHold;
  readonly #request: RebuildRequest;
  readonly #progress: RebuildProgress<Event>;

  constructor(hold: JobHold, options: RebuildOptions<Event>) {
    const { readModel, readStore } = options;
    const source = new MarkedSource(options.source, readStore.generations, readModel.name);
    this.#options = { ...options, source };
    this.#hold = hold;
    this.#request = hold.job.request as RebuildRequest;
    this.#progress = new RebuildProgress(source, hold.job.report as RebuildReport | null);
  }

  /** Resolves when the job rests, is finished, or is held by another worker. */
  async run(): Promise<void> {
    if (this.#isForAnother() && this.#hold.wish !== 'cancel') return this.#leave();
    await this.#sweep();
    if (this.#hold.wish === 'cancel') return this.#cancel();
    if (this.#hold.wish === 'pause') return this.#pause();
    const generation = await this.#generation();
    try {
      await this.#build(generation);
    } finally {
      await generation.close();
    }
  }

  /** Two versions of a program work side by side during an upgrade, and each can build only what it knows. */
  #isForAnother(): boolean {
    const asked = this.#request.madeFor;
    return asked !== undefined && asked !== madeFor(this.#options.readModel as ReadModel<never>);
  }

  /** Stays away long enough for the other program to take it up. */
  async #leave(): Promise<void> {
    await this.#hold.release(this.#hold.job.report);
    await this.#hold.pause(LEAVE_MS);
  }

  /** Drops what workers left behind that died: a read model has one unfinished rebuild, and so one generation being built. */
  async #sweep(): Promise<void> {
    const { readModel, readStore } = this.#options;
    for (const { number, state } of await readStore.generations.list(readModel.name))
      if (state === 'building' && number !== this.#progress.generation)
        await readStore.generations.drop(readModel.name, number);
  }

  async #generation(): Promise<Generation> {
    const { readModel, readStore } = this.#options;
    const { generations } = readStore;
    const known = this.#progress.generation;
    const records = await generations.list(readModel.name);
    if (known !== undefined && records.some(({ number }) => number === known))
      return generations.open(readModel as ReadModel<never>, known);
    const generation = await generations.begin(readModel as ReadModel<never>);
    this.#progress.generation = generation.number;
    if (!(await this.#hold.tell('running', this.#progress.report()))) {
      await generation.close();
      await generations.drop(readModel.name, generation.number);
      throw new Stopped('lost');
    }
    return generation;
  }

  async #build(generation: Generation): Promise<void> {
    const after = await generation.checkpoint();
    const gate = new GatedSource(this.#options.source, {
      after,
      eventsPerSecond: this.#request.eventsPerSecond,
    });
    const stop = new AbortController();
    await this.#progress.begin(after);
    const projecting = this.#project(generation, gate, stop.signal);
    const ticking = this.#hold.ticking(() => this.#progress.report(), stop.signal);
    try {
      await this.#work(generation, gate, stop.signal);
    } catch (failure) {
      stop.abort();
      await projecting;
      if (!(failure instanceof Stopped)) throw failure;
      await this.#stopped(generation, failure);
    } finally {
      stop.abort();
      await Promise.all([projecting, ticking]);
    }
  }

  async #work(generation: Generation, gate: GatedSource<Event>, signal: AbortSignal): Promise<void> {
    const { wish } = this.#hold;
    await this.#tell('running', wish === 'resume' ? wish : undefined);
    await this.#folded(generation, this.#progress.target);
    await this.#tell('catching-up');
    await this.#caughtUp(generation);
    const isCompared = this.#progress.verification !== null && wish !== 'verify';
    if (this.#request.verify !== false && !isCompared) {
      await this.#tell('verifying');
      this.#progress.verification = await this.#verify(generation, gate, signal);
    }
    await this.#conclude(generation);
  }

  async #conclude(generation: Generation): Promise<void> {
    const { verification } = this.#progress;
    const isEqual = verification === null || verification.equal;
    const { promote } = this.#request;
    if (promote === 'never') {
      await this.#drop(generation);
      await this.#end('done');
    } else if (this.#hold.wish === 'promote' || (promote === 'auto' && isEqual)) {
      await this.#promote(generation);
    } else await this.#end(isEqual ? 'ready' : 'differs');
  }

  /** Wishes about the end are heeded with it: a worker that dies before leaves them to the next. */
  async #end(state: 'done' | 'promoted' | 'ready' | 'differs'): Promise<void> {
    const { wish } = this.#hold;
    const isHeeded = wish === 'verify' || wish === 'promote';
    await this.#hold.tell(state, this.#progress.report(), isHeeded ? wish : undefined);
  }

  /** Again where readers are given another generation before the two stand at one position. */
  async #verify(
    generation: Generation,
    gate: GatedSource<Event>,
    signal: AbortSignal,
  ): Promise<Verification | null> {
    for (;;) {
      const number = await this.#live();
      if (number === undefined || number === generation.number) return null;
      const verification = await this.#compared(number, generation, gate, signal);
      if (verification !== undefined) return verification;
    }
  }

  async #compared(
    number: number,
    generation: Generation,
    gate: GatedSource<Event>,
    signal: AbortSignal,
  ): Promise<Verification | undefined> {
    const { readModel, readStore, limits = {}, source } = this.#options;
    const live = await readStore.generations.open(readModel as ReadModel<never>, number);
    try {
      const held = gate.hold();
      const isThere = async () => (await live.checkpoint()) >= held;
      // After a rollback nobody folds into it any more.
      await this.#until(async () => (await isThere()) || (await this.#live()) !== number);
      if (!(await isThere())) return undefined;
      return await live.frozen(async (rows) => {
        gate.open(rows.position);
        await this.#folded(generation, rows.position);
        return generation.frozen((rebuilt) =>
          verify(rows, rebuilt, {
            ...{ readModel, source, limits, generations: readStore.generations },
            pace: this.#request.eventsPerSecond === undefined ? undefined : new Pace(THROTTLED_SHARE),
            signal: AbortSignal.any([signal, this.#hold.signal]),
          }),
        );
      });
    } catch (failure) {
      this.#hold.throwIfStopped();
      throw failure;
    } finally {
      gate.open();
      await live.close();
    }
  }

  #live(): Promise<number | undefined> {
    return this.#options.readStore.generations.live(this.#options.readModel as ReadModel<never>);
  }

  /** The generation holds everything that was in the log a moment ago; its projector stays until the live one takes over. */
  async #promote(generation: Generation): Promise<void> {
    const { readModel, readStore, keep } = this.#options;
    await this.#caughtUp(generation);
    await readStore.generations.promote(readModel.name, generation.number);
    await this.#end('promoted');
    const records = await readStore.generations.list(readModel.name);
    const former = records
      .filter(({ number, promotedAt }) => number !== generation.number && promotedAt !== undefined)
      .sort((a, b) => (b.promotedAt ?? 0) - (a.promotedAt ?? 0));
    for (const { number } of former.slice(keep)) await readStore.generations.drop(readModel.name, number);
    await this.#until(async () => this.#progress.isTakenOver, HANDOVER_MS);
  }

  async #cancel(generation?: Generation): Promise<void> {
    await this.#drop(generation);
    await this.#hold.tell('cancelled', this.#progress.report(), 'cancel');
  }

  async #pause(): Promise<void> {
    await this.#hold.tell('paused', this.#progress.report(), 'pause');
  }

  async #stopped(generation: Generation, { why }: Stopped): Promise<void> {
    if (why === 'pause') await this.#pause();
    if (why === 'cancel') await this.#cancel(generation);
    if (why === 'ending') await this.#hold.release(this.#progress.report());
  }

  async #drop(generation: Generation | undefined): Promise<void> {
    const { readModel, readStore } = this.#options;
    const number = this.#progress.generation;
    await generation?.close();
    if (number !== undefined) await readStore.generations.drop(readModel.name, number);
  }

  #project(generation: Generation, source: Source<Event>, signal: AbortSignal): Promise<void> {
    const { readModel, limits = {}, onFailure } = this.#options;
    const takenOver = new AbortController();
    const projector = new Projector({
      readModel,
      generation,
      source,
      limits,
      onStep: (step) => this.#progress.folded(step),
      onLostRace: () => {
        this.#progress.isTakenOver = true;
        takenOver.abort();
      },
      onFailure: (failure, retryMs) => onFailure?.(failure, retryMs),
    });
    return projector.run(AbortSignal.any([signal, takenOver.signal]));
  }

  #folded(generation: Generation, position: bigint): Promise<void> {
    return this.#until(async () => (await generation.checkpoint()) >= position);
  }

  /** Everything that is in the log now. */
  async #caughtUp(generation: Generation): Promise<void> {
    await this.#folded(generation, await this.#options.source.head());
    await this.#until(async () => !(await generation.isLoading()));
  }

  /** Throws `Stopped`, also where it is so already. */
  async #until(isSo: () => Promise<boolean>, withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    const end = performance.now() + withinMs;
    for (;;) {
      this.#hold.throwIfStopped();
      if ((await isSo()) || performance.now() >= end) return;
      await this.#hold.pause(LOOK_EVERY_MS);
    }
  }

  async #tell(state: JobState, heeded?: JobWish): Promise<void> {
    await this.#hold.tell(state, this.#progress.report(), heeded);
  }
}
