import { setTimeout as delay, setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { OnTouched } from './folder.ts';
import type { Generation } from './generation.ts';
import { type Batch, withPauses } from './pauses.ts';
import type { Foldable, ReadModel } from './projection.ts';
import { customerToRepair, repairOf } from './repair.ts';
import { withoutRepeats } from './repeats.ts';
import { type RetryOutcome, retryParked } from './retry-parked.ts';
import { LostRace, type Progress, Steps } from './steps.ts';
import { isRowRefused, Suspicion } from './suspicion.ts';
import type { SubjectReader } from './waiting-events.ts';

/** Where a projector reads. `subscribe` is gap-free and repeat-free, in log order. */
export interface Source<Event extends Foldable> {
  subscribe(options: {
    after: bigint;
    maxBatchEvents: number;
    signal: AbortSignal;
  }): AsyncIterable<readonly Event[]>;
  readSubject(subject: string, options: { from: number; limit: number }): Promise<readonly Event[]>;
  head(): Promise<bigint>;
  /** How many events lie after `after`, up to `upTo`; for progress only. */
  count(range: { after: bigint; upTo: bigint }): Promise<number>;
  /** Tells this log from every other for ever. None while it is empty. Without it logs are not told apart. */
  mark?(): Promise<string | undefined>;
}

/** Times a repair begins again because another projector was faster. */
const MAX_RACES = 20;

/** Events folded at once at least, however much they change. */
const MIN_PART_EVENTS = 20;

export interface ProjectorLimits {
  /** Events folded before the thread yields. */
  readonly maxBatchEvents: number;
  /** Events whose rows leave in one transaction while catching up. Bounds memory together with one step in flight. */
  readonly maxStepEvents: number;
  /** Rows that leave in one transaction, give or take those of the events folded at once. Here and below a large row counts as several. */
  readonly maxStepRows: number;
  /** A source that is silent this long has caught up, if it gave everything up to the head it had at first. */
  readonly pauseMs: number;
  /** A source that is silent this long has caught up, whatever its head was. */
  readonly silenceMs: number;
  /** Clean rows kept in memory between steps. */
  readonly maxCachedRows: number;
  /** Parked data subjects known by heart; of more, those of one customer are looked up, which is slower. */
  readonly maxParkedListed: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
}

const LIMITS: ProjectorLimits = {
  maxBatchEvents: 1_000,
  maxStepEvents: 4_000,
  maxStepRows: 50_000,
  pauseMs: 10,
  silenceMs: 1_000,
  maxCachedRows: 100_000,
  maxParkedListed: 1_000,
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
  /** Called when the database or the log failed; the projector goes on by itself after `retryMs`, unless it is told to end. */
  readonly onFailure?: (failure: unknown, retryMs: number) => void;
  /** Called when another projector of the same read model was faster; this one goes on from there. */
  readonly onLostRace?: () => void;
  /** Told of each row that an event touches; for who looks for the events behind a row. Folding is slower with it. */
  readonly onTouched?: OnTouched;
}

/**
 * Keeps one generation of a read model up with the log. Each event is applied exactly once: rows and checkpoint
 * move together, and a projector that finds the checkpoint moved by another one starts again from there.
 */
export class Projector<Event extends Foldable> {
  readonly #options: ProjectorOptions<Event>;
  readonly #limits: ProjectorLimits;
  readonly #steps: Steps<Event>;
  /** Of data subjects, what counts. */
  readonly #subjects: SubjectReader<Event>;
  readonly #suspicion = new Suspicion();
  #retryMs: number;
  /** Events folded at once. */
  #partEvents = MIN_PART_EVENTS;
  #following: AbortController | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ProjectorOptions<Event>) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#retryMs = this.#limits.firstRetryMs;
    const { readModel, generation, source } = options;
    this.#subjects = withoutRepeats(source, readModel, (asks) => generation.load(asks));
    this.#steps = new Steps({
      readModel,
      generation,
      maxCachedRows: this.#limits.maxCachedRows,
      maxParkedListed: this.#limits.maxParkedListed,
      onStep: (progress) => {
        this.#retryMs = this.#limits.firstRetryMs;
        this.#options.onStep?.(progress);
      },
      onTouched: options.onTouched,
    });
  }

  /** Runs until `signal` aborts; what was folded by then is committed. Failures are retried with back-off, for ever. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (failure) {
        if (failure instanceof BeginAgain) continue;
        if (isRowRefused(failure) && this.#suspicion.refused(this.#steps.submitted, failure)) continue;
        const retryMs = signal.aborted ? 0 : this.#retryMs;
        if (failure instanceof LostRace) this.#options.onLostRace?.();
        else if (failure !== signal.reason) this.#options.onFailure?.(failure, retryMs);
        await delay(retryMs, undefined, { signal }).catch(() => {});
        this.#retryMs = Math.min(this.#retryMs * 2, this.#limits.maxRetryMs);
      }
    }
  }

  /**
   * Folds what waits for one customer, named as the routing does now or by one of its data subjects. Safe while `run` runs, and without it. Throws when
   * the database or the log fails; what was folded by then stays folded.
   */
  retry(customer: string): Promise<RetryOutcome> {
    return this.#inTurn(() => this.#retry(customer));
  }

  /**
   * Folds every event of one customer anew and puts the rows in the place of those that are there, in one step. Safe while
   * `run` runs, and without it. Answers the number of events. Throws `repair-refused` when the customer is parked or too large, and what
   * a fold throws; then nothing is changed.
   */
  repair(customer: string): Promise<number> {
    return this.#inTurn(() => this.#repair(customer));
  }

  async #repair(named: string): Promise<number> {
    const { readModel, generation } = this.#options;
    const steps = this.#steps;
    for (let races = 0; ; races++) {
      try {
        if (!steps.isSound) await steps.restart(this.#suspicion.refusal);
        await steps.submit({ wait: true, caughtUp: false });
        const subjects = await customerToRepair(named, readModel, steps.folder);
        const { events, changes } = await repairOf(subjects, {
          readModel,
          generation,
          source: this.#subjects,
          upTo: steps.folded,
        });
        await steps.rewrite(changes);
        this.#following?.abort();
        return events;
      } catch (failure) {
        steps.abandon();
        if (!(failure instanceof LostRace) || races >= MAX_RACES) throw failure;
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { source, generation } = this.#options;
    const { maxBatchEvents, pauseMs, silenceMs } = this.#limits;
    await this.#inTurn(() => this.#steps.restart(this.#suspicion.refusal));
    const session = this.#steps.session;
    const head = await source.head();
    let isLoading = await generation.isLoading();
    const following = new AbortController();
    this.#following = following;
    const batches = source.subscribe({
      after: this.#steps.folded,
      maxBatchEvents,
      signal: AbortSignal.any([signal, following.signal]),
    });
    const take = async (batch: Batch<Event>): Promise<void> => {
      const caughtUp = this.#isCaughtUp(batch, head);
      await this.#inTurn(() => this.#take(batch, caughtUp, session));
      if (caughtUp && isLoading) await generation.finishLoading();
      isLoading &&= !caughtUp;
      // Sources that always have the next batch ready would otherwise keep every timer and socket waiting.
      await eventLoopTurn();
    };
    if (head <= this.#steps.folded) await take({ events: [], silentMs: silenceMs });
    for await (const batch of withPauses(batches, [pauseMs, silenceMs])) {
      // A source that waits for events ends only by its signal; without, leaving this loop would wait for the next event.
      await take(batch).catch((failure) => {
        following.abort();
        throw failure;
      });
    }
    if (following.signal.aborted) throw new BeginAgain();
    await this.#inTurn(() => this.#take({ events: [], silentMs: silenceMs }, true, session));
    if (!signal.aborted) throw new Error('the subscription to the log has ended by itself');
  }

  #isCaughtUp({ events, silentMs }: Batch<Event>, head: bigint): boolean {
    if (silentMs >= this.#limits.silenceMs) return true;
    const position = events.at(-1)?.position ?? this.#steps.folded;
    return position >= head && events.length < this.#limits.maxBatchEvents;
  }

  async #take({ events, silentMs }: Batch<Event>, caughtUp: boolean, session: number): Promise<void> {
    const steps = this.#steps;
    if (!steps.isSound || steps.session !== session) throw new BeginAgain();
    for (const some of this.#suspicion.parts(events)) {
      await this.#fold(some);
      if (!this.#suspicion.isActive) continue;
      await steps.submit({ wait: true, caughtUp: false });
      this.#suspicion.committed(steps.folded);
    }
    // A batch that is short before the end is one of large events: steps are bounded by what such a batch holds.
    const isLarge = events.length > 0 && events.length < this.#limits.maxBatchEvents;
    const isFull = isLarge || steps.events >= this.#limits.maxStepEvents || this.#isHeavy;
    // In a pause nobody else would notice that the step has failed.
    if (caughtUp || isFull) await steps.submit({ wait: silentMs > 0, caughtUp });
    else steps.stage();
  }

  /** In parts, where a batch of events that change as much as the last ones would be more than a quarter of a step. */
  async #fold(events: readonly Event[]): Promise<void> {
    const steps = this.#steps;
    for (let from = 0; from < events.length; ) {
      if (from > 0 && this.#isHeavy) await steps.submit({ wait: false, caughtUp: false });
      const before = steps.rows;
      const part = events.slice(from, from + this.#partEvents);
      await steps.fold(part);
      from += part.length;
      const rowsPerEvent = Math.max(1, steps.rows - before) / part.length;
      this.#partEvents = Math.max(MIN_PART_EVENTS, Math.floor(this.#limits.maxStepRows / 4 / rowsPerEvent));
    }
  }

  get #isHeavy(): boolean {
    const { maxStepRows, maxCachedRows } = this.#limits;
    return this.#steps.rows >= maxStepRows || this.#steps.held >= 2 * (maxCachedRows + maxStepRows);
  }

  #retry(customer: string): Promise<RetryOutcome> {
    const { readModel, generation } = this.#options;
    return retryParked(customer, {
      routing: readModel.routing,
      generation,
      steps: this.#steps,
      source: this.#subjects,
      maxEvents: this.#limits.maxBatchEvents,
      suspectFollowed: (failure) => this.#suspicion.refused(this.#steps.submitted, failure),
      restart: async (refusal) => {
        await this.#steps.restart(refusal);
        // What was folded since the checkpoint is forgotten: whoever follows the log has to come again from there.
        this.#following?.abort();
      },
    });
  }

  /** One thing at a time: batches and retries take turns. What fails leaves nothing for the next to build on. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work).catch((failure) => {
      this.#steps.abandon();
      throw failure;
    });
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

/** Somebody else restarted the steps: the log is to be followed from the checkpoint again, at once. */
class BeginAgain extends Error {
  override readonly name = 'BeginAgain';
}
