import type { Generation } from './generation.ts';
import { parkedTable } from './parking.ts';
import type { ReadModel } from './projection.ts';
import type { Table } from './table.ts';

/** The database of read models: which generation is live, and doors for its projector and its readers. */
export interface ReadStore {
  /**
   * The live generation of a read model, for its projector. Where there is none, or where projections or tables have
   * changed since it was made, a new one is begun from the start of the log.
   */
  openLive(readModel: ReadModel<never>): Promise<Generation>;

  /** A reader that follows the live generation. Opening waits for nothing: there may be no generation yet. */
  openReader(readModel: ReadModel<never>): Promise<ReadModelReader>;

  close(): Promise<void>;
}

/** Reads one read model, always a whole one: rows and position come from one snapshot of one generation. */
export interface ReadModelReader {
  /** Runs queries on one snapshot. Throws `read-model-loading` while there is nothing whole to read. */
  read<T>(work: (snapshot: Snapshot) => Promise<T> | T): Promise<T>;

  /** Position of the last event whose rows can be read; 0n before the first. */
  position(): Promise<bigint>;

  /** Resolves once `position` can be read. Rejects with `signal.reason` when aborted. */
  reached(position: bigint, options: { signal: AbortSignal }): Promise<void>;

  /** The position, each time it has moved on; several moves may come as one. Ends when `signal` aborts. */
  moves(options: { after: bigint; signal: AbortSignal }): AsyncIterable<bigint>;

  close(): Promise<void>;
}

export interface Snapshot {
  readonly position: bigint;
  readonly generation: number;

  /** Rows of a portable SELECT; parameters stand as `?`. JSON columns come as text. Statements are prepared once by text. */
  all<Row extends object>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;

  /**
   * Integer keys of rows whose `tokens` hold every one of `words`, greatest key first. A word that ends in `*` matches
   * by its beginning. With `among`, only these keys are looked at.
   */
  search(
    table: Table<never>,
    words: readonly string[],
    options: { limit: number; among?: readonly number[] },
  ): Promise<readonly number[]>;
}

export type SqlValue = string | number | null;

/** Every table of a read model, the engine's own among them. */
export function tablesOf(readModel: ReadModel<never>): readonly Table<never>[] {
  const own = [readModel.routing, ...readModel.projections].flatMap((projection) => projection.tables);
  return [...own, parkedTable as Table<never>];
}

/** Changes when projections, their versions or their tables do: rows made under another shape are not these rows. */
export function shapeOf(readModel: ReadModel<never>): string {
  const projections = [readModel.routing, ...readModel.projections];
  return JSON.stringify(projections.map(({ name, version, tables }) => ({ name, version, tables })));
}
