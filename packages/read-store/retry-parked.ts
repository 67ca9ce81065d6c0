import { ReadStoreError } from './errors.ts';
import type { Refusal } from './folder.ts';
import type { Generation } from './generation.ts';
import type { Foldable, ReadModel } from './projection.ts';
import { retellingOf } from './retelling.ts';
import { type RetrySlice, retrySlice } from './retry-slice.ts';
import { LostRace, type Steps } from './steps.ts';
import { isRowRefused, Suspicion } from './suspicion.ts';
import type { SubjectReader } from './waiting-events.ts';

/** Times a retry begins again because another projector was faster. */
const MAX_RACES = 20;
/** Times the past is told anew because events that it was told without have been mended meanwhile. */
const MAX_MENDED = 20;

export interface RetryOutcome {
  /** Events that waited and are folded now. */
  readonly folded: number;
  /** Events that still wait: from the first one on that fails again. */
  readonly waiting: number;
  /** Why the first of them cannot be folded; absent when none waits. */
  readonly reason?: string;
  /** Why the routing's rows do not say of the past what a rebuild's would; absent when they do. */
  readonly pastKept?: string;
}

export interface RetryOptions<Event extends Foldable> {
  readonly routing: ReadModel<Event>['routing'];
  readonly generation: Pick<Generation, 'load'>;
  readonly steps: Steps<Event>;
  readonly source: SubjectReader<Event>;
  /** Events folded before their rows are written. */
  readonly maxEvents: number;
  readonly restart: (refusal: Refusal | undefined) => Promise<void>;
  /** Told when what had been folded before this retry is refused by the database. */
  readonly suspectFollowed: (failure: Error) => boolean;
}

/**
 * Tells the routing's rows anew, folds what waits for a customer and writes it, slice by slice. Begins again from the checkpoint
 * where it must.
 */
export async function retryParked<Event extends Foldable>(
  named: string,
  options: RetryOptions<Event>,
): Promise<RetryOutcome> {
  const { steps, source, restart, suspectFollowed } = options;
  const suspicion = new Suspicion();
  // Data subjects as soon as they are known: what is folded and told anew may give each another customer.
  let names: readonly string[] = [named];
  let folded = 0;
  let past: Past | undefined;
  let mended = 0;
  for (let races = 0; ; ) {
    let slice: RetrySlice | undefined;
    try {
      if (!steps.isSound) await restart(suspicion.refusal);
      await steps.submit({ wait: true, caughtUp: false });
      if (past === undefined) {
        const parked = await steps.folder.asking(() => steps.folder.parking.sharedBy(names));
        if (parked.length > 0) names = parked.map(({ subject }) => subject);
        past = parked.length > 0 ? await retell(names, options) : UNTOLD;
        if (!steps.isSound) continue;
      }
      const maxEvents = Math.min(options.maxEvents, suspicion.maxEvents);
      slice = await retrySlice(names, steps.folder, source, { upTo: steps.folded, maxEvents });
      // What was told of the past without it would stay so.
      if (slice.folded.some((position) => past?.unread.has(position)) && ++mended < MAX_MENDED) {
        steps.abandon();
        past = undefined;
        continue;
      }
      await steps.submit({ wait: true, caughtUp: false });
      folded += slice.folded.length;
      names = slice.held;
      const last = slice.folded.at(-1);
      if (last !== undefined) suspicion.committed(last);
      const { waiting, reason } = slice;
      const { kept } = past;
      if (slice.folded.length < maxEvents)
        return {
          folded,
          waiting,
          ...(reason === undefined ? {} : { reason }),
          ...(kept === undefined ? {} : { pastKept: kept }),
        };
    } catch (failure) {
      steps.abandon();
      const isRace = failure instanceof LostRace;
      if (isRace) past = undefined;
      if (isRace && ++races < MAX_RACES) continue;
      if (isRace) throw new ReadStoreError('read-store-busy', failure.message, { cause: failure });
      if (!isRowRefused(failure)) throw failure;
      const isFollowed = slice === undefined;
      if (isFollowed ? !suspectFollowed(failure) : !suspicion.refused(stepOf(slice), failure)) throw failure;
    }
  }
}

interface Past {
  /** Why it was not told anew. */
  readonly kept?: string;
  /** Positions of events that it was told without. */
  readonly unread: ReadonlySet<bigint>;
}

const UNTOLD: Past = { unread: new Set() };

/** In a step of its own, while the data subjects are parked still: whatever ends the retry, the next one finds it so. */
async function retell<Event extends Foldable>(
  subjects: readonly string[],
  { steps, routing, generation, source }: RetryOptions<Event>,
): Promise<Past> {
  try {
    const { changes, unread } = await retellingOf(subjects, {
      routing,
      generation,
      source,
      upTo: steps.folded,
    });
    if (changes.length > 0) await steps.rewrite(changes);
    return { unread };
  } catch (failure) {
    if (!isRowRefused(failure) && !isRepairRefused(failure)) throw failure;
    return { ...UNTOLD, kept: failure.message };
  }
}

function isRepairRefused(failure: unknown): failure is ReadStoreError {
  return failure instanceof ReadStoreError && failure.code === 'repair-refused';
}

function stepOf(slice: RetrySlice | undefined): { to: bigint; events: number } {
  return { to: slice?.folded.at(-1) ?? 0n, events: slice?.folded.length ?? 0 };
}
