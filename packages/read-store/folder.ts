import { ReadStoreError } from './errors.ts';
import type { Ask, TableChanges } from './generation.ts';
import { Parking, reasonOf } from './parking.ts';
import type { Foldable, ReadModel } from './projection.ts';
import { RowCache, RowsAsked } from './row-cache.ts';

/** Rounds of loading one event may need before it counts as a defect of its projection. */
const MAX_ASKS_PER_EVENT = 100_000;

export type Load = (asks: readonly Ask[]) => Promise<readonly (readonly object[])[]>;

/**
 * Folds batches of events into changes of rows. Everything the batch needs is fetched at once, the fold itself is
 * synchronous; a row nobody foresaw is fetched and its event folded again.
 */
export class Folder<Event extends Foldable> {
  readonly rows = new RowCache();
  readonly parking: Parking<Event>;
  readonly #readModel: ReadModel<Event>;
  readonly #load: Load;

  constructor(readModel: ReadModel<Event>, load: Load) {
    this.#readModel = readModel;
    this.#load = load;
    this.parking = new Parking(this.rows, readModel.routing);
  }

  async fold(events: readonly Event[]): Promise<void> {
    await this.#prefetch(events);
    for (const event of events) {
      // A plain call where nothing is missing: no promise per event.
      let ask = this.#tryFold(event);
      for (let asked = 0; ask !== undefined; ask = this.#tryFold(event)) {
        if (++asked > MAX_ASKS_PER_EVENT)
          throw new ReadStoreError(
            'fold-asks-without-end',
            `event ${event.position} asks for rows without end`,
          );
        await this.load([ask]);
      }
    }
  }

  /** Folds one event that was parked. Answers whether it went well; if not, nothing of it is kept. */
  async foldWaiting(event: Event): Promise<boolean> {
    for (;;) {
      try {
        this.#route(event);
        for (const projection of this.#readModel.projections) projection.fold(event, this.rows);
        this.rows.keep();
        return true;
      } catch (failure) {
        this.#undo();
        if (!(failure instanceof RowsAsked)) return false;
        await this.load([failure.ask]);
      }
    }
  }

  collect(): TableChanges[] {
    return this.rows.collect();
  }

  /** Runs `look` until every row it asks for is in memory. It must not change rows. */
  async asking(look: () => void): Promise<void> {
    for (;;) {
      try {
        look();
        return;
      } catch (failure) {
        if (!(failure instanceof RowsAsked)) throw failure;
        await this.load([failure.ask]);
      }
    }
  }

  async load(asks: readonly Ask[]): Promise<void> {
    if (asks.length > 0) this.rows.accept(asks, await this.#load(asks));
  }

  /** Prefetching looks again after each answer, since one row may name the next; three rounds are worth it. */
  async #prefetch(events: readonly Event[]): Promise<void> {
    const { routing, projections } = this.#readModel;
    for (let round = 0; round < 3; round++) {
      const asks = this.rows.missing((wish) => {
        Parking.prefetch(wish);
        routing.prefetch?.(events, wish);
        for (const projection of projections) projection.prefetch?.(events, wish);
      });
      if (asks.length === 0) return;
      await this.load(asks);
    }
  }

  #tryFold(event: Event): Ask | undefined {
    let routed = false;
    try {
      this.#route(event);
      routed = true;
      const customer = this.#readModel.routing.customerOf(event.subject, this.rows);
      if (this.parking.holds(customer)) this.parking.add(event, '');
      else for (const projection of this.#readModel.projections) projection.fold(event, this.rows);
      this.rows.keep();
      return undefined;
    } catch (failure) {
      this.#undo();
      return failure instanceof RowsAsked ? failure.ask : this.#park(event, failure, routed);
    }
  }

  #park(event: Event, cause: unknown, routed: boolean): Ask | undefined {
    try {
      if (routed) this.#route(event);
      this.parking.add(event, reasonOf(cause));
      this.rows.keep();
      return undefined;
    } catch (failure) {
      this.#undo();
      if (failure instanceof RowsAsked) return failure.ask;
      throw failure;
    }
  }

  #route(event: Event): void {
    const before = this.rows.changesOfEvent;
    this.#readModel.routing.fold(event, this.rows);
    if (this.rows.changesOfEvent > before) this.parking.customersMayHaveChanged();
  }

  #undo(): void {
    this.rows.takeBack();
    this.parking.customersMayHaveChanged();
  }
}
