import type { Generation } from './generation.ts';
import type { Generations } from './generations.ts';
import type { JobBoard } from './jobs.ts';
import type { Leadership } from './leadership.ts';
import { parkedTable, parkingTable } from './parking.ts';
import type { ReadModel } from './projection.ts';
import { REPEATS } from './repeats.ts';
import type { Table } from './table.ts';

/** The database of read models: which generation is live, and doors for its projector and its readers. */
export interface ReadStore {
  /**
   * The live generation of a read model, for its projector. Where the read model has none at all, one is begun and is live
   * at once. Throws `read-model-outdated` when projections or tables have changed since the live one was made: that goes on
   * serving readers as it is, and a generation of the new shape is to be built beside it.
   */
  openLive(readModel: ReadModel<never>): Promise<Generation>;

  /**
   * A reader that follows the live generation. Opening waits for nothing: there may be no generation yet. By its name alone
   * a read model is read whatever its shape, for tables that every read model has.
   */
  openReader(readModel: ReadModel<never> | string): Promise<ReadModelReader>;

  /**
   * Waits until this process leads the projecting of a read model: at most one does, as far as the database can tell. Where
   * one process at a time uses the database, it leads at once. Rejects with `signal.reason` when aborted.
   */
  lead(readModel: string, options: { signal: AbortSignal }): Promise<Leadership>;

  readonly generations: Generations;
  readonly jobs: JobBoard;

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

  /**
   * Rows of a portable SELECT; parameters stand as `?`. JSON columns come as text. Names are as tables declare them, with
   * their capitals; a keyword is written in capitals or small letters only. Statements are prepared once by text.
   */
  all<Row extends object>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;

  /**
   * What a text column that holds JSON says in the rows with these integer keys, in the order of the keys, a comma between
   * two, and a frame around it, as UTF-8. The database puts it together: what is sent as it lies there becomes neither rows
   * nor strings on the way. `undefined` when one of the texts takes more than `maxBytes`.
   */
  joinedJson(
    table: Table<never>,
    column: string,
    keys: readonly number[],
    options: { maxBytes: number; frame?: JsonFrame },
  ): Promise<Uint8Array | undefined>;

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

/** What is put before and after a list, so that all of it is JSON. */
export interface JsonFrame {
  readonly before: string;
  readonly after: string;
}

export const NO_FRAME: JsonFrame = { before: '', after: '' };

export type SqlValue = string | number | null;

/** Every table of a read model, the engine's own among them. */
export function tablesOf(readModel: ReadModel<never>): readonly Table<never>[] {
  const own = [readModel.routing, ...readModel.projections].flatMap((projection) => projection.tables);
  const guard = readModel.idOf === undefined ? [] : REPEATS.tables;
  return [...own, parkedTable as Table<never>, parkingTable as Table<never>, ...guard];
}

/** Changes when projections, their versions or their tables do: rows made under another shape are not these rows. */
export function shapeOf(readModel: ReadModel<never>): string {
  const guard = readModel.idOf === undefined ? [] : [REPEATS];
  const projections = [readModel.routing, ...readModel.projections, ...guard];
  const shaped = ({ name, columns, key, indexes, appendOnly }: Table<never>) => ({
    name,
    columns,
    key,
    indexes,
    appendOnly,
  });
  return JSON.stringify(
    projections.map(({ name, version, tables }) => ({ name, version, tables: tables.map(shaped) })),
  );
}

/** Whether queries made for tables of shape `mine` find in a generation of shape `theirs` all they name. */
export function isReadableAs(mine: string, theirs: string): boolean {
  if (mine === theirs) return true;
  const there = new Map(tablesIn(theirs).map((table) => [table.name, table]));
  return tablesIn(mine).every((table) => {
    const { columns = {}, key = [] } = there.get(table.name) ?? {};
    const isSameKey = JSON.stringify(key) === JSON.stringify(table.key);
    return isSameKey && Object.entries(table.columns).every(([name, type]) => columns[name] === type);
  });
}

interface ShapedTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly key: readonly string[];
}

function tablesIn(shape: string): ShapedTable[] {
  return (JSON.parse(shape) as { tables: ShapedTable[] }[]).flatMap((projection) => projection.tables);
}
