import { askOfList, askOfRow } from './asks.ts';
import { ReadStoreError } from './errors.ts';
import type { Folder } from './folder.ts';
import type { Ask, Cell, Generation, TableChanges } from './generation.ts';
import { parkedTable, parkingTable } from './parking.ts';
import type { Foldable, KeyValue, ReadModel } from './projection.ts';
import type { Source } from './projector.ts';
import { tablesOf } from './read-store.ts';
import { RowCache, RowsAsked } from './row-cache.ts';
import { keyOfRow, type Table, tokensColumn } from './table.ts';

/** A customer with more is mended by a rebuild: what a repair holds in memory must stay small. */
const MAX_EVENTS = 50_000;
const PAGE_EVENTS = 1_000;
/** As for the folding of one event in a batch. */
const MAX_ASKS_PER_EVENT = 10_000;

/** Data subjects of a customer, named as the routing does now or by one of them. Throws `repair-refused` when it is parked. */
export function customerToRepair<Event extends Foldable>(
  named: string,
  { routing }: ReadModel<Event>,
  folder: Folder<Event>,
): Promise<readonly string[]> {
  return folder.asking(() => {
    const customer = routing.customerOf(named, folder.rows);
    if (folder.parking.of(customer).length > 0)
      throw new ReadStoreError('repair-refused', 'the customer is parked: its retry folds what waits');
    return routing.subjectsOf(customer, folder.rows);
  });
}

export interface Repair {
  /** Events of the customer folded anew. */
  readonly events: number;
  readonly changes: readonly TableChanges[];
}

/**
 * What is to be written so that the rows of some data subjects are those that folding their events makes, as though there were
 * no others. Rows of the routing stay: they are about more than one customer. Throws `repair-refused` where that cannot be done.
 */
export async function repairOf<Event extends Foldable>(
  subjects: readonly string[],
  options: {
    readonly readModel: ReadModel<Event>;
    readonly generation: Generation;
    readonly source: Pick<Source<Event>, 'readSubject'>;
    /** Position of the generation: later events come the ordinary way. */
    readonly upTo: bigint;
  },
): Promise<Repair> {
  const { readModel, generation, source, upTo } = options;
  const events = await eventsOf(subjects, source, { upTo, read: 0 });
  const rows = await foldAlone(events, readModel, generation);
  const changes = new Map(rows.collect().map((change) => [change.table.name, change]));
  const repaired: TableChanges[] = [];
  for (const table of readModel.projections.flatMap(({ tables }) => tables)) {
    const change = changes.get(table.name) ?? { table, cells: [], deletes: [] };
    repaired.push(await replacing(change, subjects, generation));
  }
  return {
    events: events.length,
    changes: repaired.filter(({ cells, deletes }) => cells.length + deletes.length > 0),
  };
}

/** Events of some data subjects, in log order. Throws `repair-refused` when they are too many, together with those `read` before. */
export async function eventsOf<Event extends Foldable>(
  subjects: readonly string[],
  source: Pick<Source<Event>, 'readSubject'>,
  { upTo, read }: { readonly upTo: bigint; readonly read: number },
): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (const subject of subjects)
    for (let from = 0; ; ) {
      const page = await source.readSubject(subject, { from, limit: PAGE_EVENTS });
      const last = page.at(-1);
      for (const event of page) if (event.position <= upTo) events.push(event);
      if (read + events.length > MAX_EVENTS)
        throw new ReadStoreError(
          'repair-refused',
          `the customer has more than ${MAX_EVENTS} events; rebuild the read model instead`,
        );
      if (last === undefined || last.position > upTo) break;
      from = last.version + 1;
    }
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}

/** The projections' own rows begin empty; those of the routing are as they are. */
async function foldAlone<Event extends Foldable>(
  events: readonly Event[],
  readModel: ReadModel<Event>,
  generation: Generation,
): Promise<RowCache> {
  const rows = new RowCache(tablesOf(readModel as ReadModel<never>));
  const routed = new Set([parkedTable, parkingTable, ...readModel.routing.tables].map(({ name }) => name));
  const answers = async (asks: readonly Ask[]): Promise<readonly (readonly object[])[]> => {
    const known = await generation.load(asks.filter(({ table }) => routed.has(table.name)));
    let next = 0;
    return asks.map(({ table }) => (routed.has(table.name) ? (known[next++] ?? []) : []));
  };
  for (const event of events) {
    for (let asked = 0; ; asked++) {
      try {
        for (const projection of readModel.projections) projection.fold(event, rows);
        rows.keep();
        break;
      } catch (failure) {
        rows.takeBack();
        if (!(failure instanceof RowsAsked) || asked >= MAX_ASKS_PER_EVENT) throw failure;
        rows.accept(failure.asks, await answers(failure.asks));
      }
    }
  }
  return rows;
}

/** Puts rows in the place of those that are there, and takes away what should not be. */
async function replacing(
  change: TableChanges,
  subjects: readonly string[],
  generation: Generation,
): Promise<TableChanges> {
  const { table, cells } = change;
  const keys = keysOf(table, cells);
  const isWanted = new Set(keys.map((key) => JSON.stringify(key)));
  const asks = keys.map((key) => askOfRow(table, key));
  const stored = (await generation.load([...asks, ...listsOf(table, subjects)])).flat();
  const there = new Map(stored.map((row) => [JSON.stringify(keyOfRow(table, row)), keyOfRow(table, row)]));
  const deletes = [...there].flatMap(([name, key]) => (isWanted.has(name) ? [] : [key]));
  const isThere = keys.map((key) => there.has(JSON.stringify(key)));
  return {
    table,
    cells: table.appendOnly ? keepingWords(table, cells, isThere) : cells,
    deletes,
    replaces: true,
  };
}

function listsOf(table: Table<never>, subjects: readonly string[]): Ask[] {
  const { subject } = table;
  return subject === undefined ? [] : subjects.map((value) => askOfList(table, subject, value));
}

/** Words of an append-only table are written once: a row that is there keeps those it has. */
function keepingWords(table: Table<never>, cells: readonly Cell[], isThere: readonly boolean[]): Cell[] {
  const columns = Object.keys(table.columns);
  const words = columns.indexOf(tokensColumn(table) ?? '');
  return cells.map((cell, at) => {
    const row = Math.floor(at / columns.length);
    return at % columns.length === words && isThere[row] ? null : cell;
  });
}

function keysOf(table: Table<never>, cells: readonly Cell[]): KeyValue[][] {
  const columns = Object.keys(table.columns);
  const places = (table.key as readonly string[]).map((name) => columns.indexOf(name));
  const keys: KeyValue[][] = [];
  for (let row = 0; row < cells.length; row += columns.length)
    keys.push(places.map((place) => cells[row + place] as KeyValue));
  return keys;
}
