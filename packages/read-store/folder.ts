import type { Ask } from './generation.ts';
import { Parking, reasonOf } from './parking.ts';
import type { Foldable, KeyValue, Prefetch, ReadModel } from './projection.ts';
import { tablesOf } from './read-store.ts';
import { Repeats } from './repeats.ts';
import { RowCache, RowsAsked } from './row-cache.ts';

/** Times one event may ask for rows that nobody prefetched. Beyond, its projection has a defect. */
const MAX_ASKS_PER_EVENT = 10_000;
/** After that it is parked; its routing gets so many chances more. */
const MAX_ASKS_TO_PARK = 10;

type Fill = (wish: Prefetch) => void;
export type Load = (asks: readonly Ask[]) => Promise<readonly (readonly object[])[]>;

export interface FolderOptions {
  readonly load: Load;
  /** The database holds no rows yet. */
  readonly isEmpty: boolean;
  readonly refusal: Refusal | undefined;
  readonly onTouched?: OnTouched | undefined;
  readonly maxParkedListed: number;
}

/** Told of each row that an event touches first, at least since the step before. */
export type OnTouched = (event: Foldable, table: string, key: readonly KeyValue[]) => void;

/** An event whose rows the database refused. It is parked without being folded. */
export interface Refusal {
  readonly position: bigint;
  readonly reason: string;
  /** Its routing was refused too. */
  readonly isUnrouted: boolean;
}

/**
 * Folds batches of events into changes of rows. Everything the batch needs is fetched at once, the fold itself is
 * synchronous; a row nobody foresaw is fetched and its event folded again. After a failure it is of no use any more.
 */
export class Folder<Event extends Foldable> {
  readonly rows: RowCache;
  readonly parking: Parking<Event>;
  readonly #readModel: ReadModel<Event>;
  readonly #load: Load;
  readonly #refusal: Refusal | undefined;
  readonly #onTouched: OnTouched | undefined;
  /** Absent where the log holds every event once. */
  readonly #repeats: Repeats<Event> | undefined;
  #dropped = 0;

  constructor(readModel: ReadModel<Event>, options: FolderOptions) {
    this.#readModel = readModel;
    this.#load = options.load;
    this.#refusal = options.refusal;
    this.#onTouched = options.onTouched;
    this.rows = new RowCache(tablesOf(readModel as never), options.isEmpty);
    this.parking = new Parking(this.rows, readModel.routing, options.maxParkedListed);
    const idOf = readModel.idOf?.bind(readModel);
    this.#repeats = idOf === undefined ? undefined : new Repeats(this.rows, idOf);
  }

  /** Events dropped so far because an earlier one has their id. */
  get dropped(): number {
    return this.#dropped;
  }

  async fold(events: readonly Event[]): Promise<void> {
    await this.#prefetch(events);
    for (const event of events) {
      // A plain call where nothing is missing: no promise per event.
      const asked = this.#tryFold(event);
      if (asked !== undefined) await this.#foldAsking(event, asked);
    }
  }

  /** Folds one event that was parked. Answers why it cannot be folded, in which case nothing of it is kept. */
  async foldWaiting(event: Event): Promise<string | undefined> {
    if (this.#refusal?.position === event.position) return this.#refusal.reason;
    for (let asked = 0; asked < MAX_ASKS_PER_EVENT; asked++) {
      try {
        this.#applyLate(event);
        this.rows.keep();
        return undefined;
      } catch (failure) {
        this.rows.takeBack();
        if (!(failure instanceof RowsAsked)) return reasonOf(failure);
        await this.#fetch(failure.asks);
      }
    }
    return reasonOf(askedWithoutEnd());
  }

  /** Runs `look` until every row it asks for is in memory. It must not change rows. */
  async asking<T>(look: () => T): Promise<T> {
    for (;;) {
      try {
        return look();
      } catch (failure) {
        if (!(failure instanceof RowsAsked)) throw failure;
        await this.#fetch(failure.asks);
      } finally {
        this.rows.keep();
      }
    }
  }

  async #foldAsking(event: Event, first: RowsAsked): Promise<void> {
    let asked: RowsAsked | undefined = first;
    for (let asks = 0; asked !== undefined; asks++) {
      await this.#fetch(asked.asks);
      if (asks < MAX_ASKS_PER_EVENT) asked = this.#tryFold(event);
      else asked = this.#park(event, askedWithoutEnd(), asks < MAX_ASKS_PER_EVENT + MAX_ASKS_TO_PARK);
    }
  }

  async #prefetch(events: readonly Event[]): Promise<void> {
    const { routing, projections } = this.#readModel;
    let fills: Fill[] = [
      (wish) => this.parking.prefetch(events, wish),
      (wish) => this.#repeats?.prefetch(events, wish),
    ];
    const again = new Map([routing, ...projections].map((projection) => [projection, events]));
    for (let depth = 1; ; depth++) {
      for (const [projection, some] of again)
        if (some.length > 0 && depth <= (projection.prefetchDepth ?? 1))
          fills.push((wish) => {
            const named = projection.prefetch?.(some, wish) as readonly Event[] | undefined;
            if (named !== undefined) again.set(projection, named);
          });
      const asks = this.rows.missing(fills);
      if (asks.length === 0) return;
      await this.#fetch(asks);
      fills = depth === 1 ? [(wish) => this.parking.prefetch(events, wish)] : [];
    }
  }

  #tryFold(event: Event): RowsAsked | undefined {
    if (this.#refusal !== undefined && this.#refusal.position === event.position)
      return this.#park(event, new Error(this.#refusal.reason), !this.#refusal.isUnrouted);
    try {
      if (this.#repeats?.note(event)) return this.#drop();
      this.#readModel.routing.fold(event, this.rows);
    } catch (failure) {
      this.rows.takeBack();
      return failure instanceof RowsAsked ? failure : this.#park(event, failure, false);
    }
    try {
      if (this.parking.holds(event.subject)) this.parking.add(event, '');
      else this.#project(event);
      if (this.#onTouched !== undefined)
        for (const [table, key] of this.rows.touched()) this.#onTouched(event, table, key);
      this.rows.keep();
      return undefined;
    } catch (failure) {
      this.rows.takeBack();
      return failure instanceof RowsAsked ? failure : this.#park(event, failure);
    }
  }

  /** The routing folds parked events too, unless it is what failed. */
  #park(event: Event, cause: unknown, withRouting = true): RowsAsked | undefined {
    try {
      if (this.#repeats?.note(event)) return this.#drop();
      if (withRouting) this.#readModel.routing.fold(event, this.rows);
      this.parking.add(event, reasonOf(cause));
      this.rows.keep();
      return undefined;
    } catch (failure) {
      this.rows.takeBack();
      if (failure instanceof RowsAsked) return failure;
      throw failure;
    }
  }

  #drop(): undefined {
    this.rows.keep();
    this.#dropped++;
  }

  #applyLate(event: Event): void {
    const { routing } = this.#readModel;
    if (routing.foldLate === undefined) routing.fold(event, this.rows);
    else routing.foldLate(event, this.rows);
    this.#project(event);
  }

  #project(event: Event): void {
    for (const projection of this.#readModel.projections) projection.fold(event, this.rows);
  }

  async #fetch(asks: readonly Ask[]): Promise<void> {
    this.rows.accept(asks, await this.#load(asks));
  }
}

function askedWithoutEnd(): Error {
  return new Error(`asked more than ${MAX_ASKS_PER_EVENT} times for rows that were not prefetched`);
}
