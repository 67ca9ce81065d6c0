import type { Ask, Cell, Generation, TableChanges } from './generation.ts';
import type { Foldable, KeyValue, ReadModel } from './projection.ts';
import { eventsOf } from './repair.ts';
import { RowCells } from './row-cells.ts';
import type { Table } from './table.ts';
import type { SubjectReader } from './waiting-events.ts';

/** What a routing reads to tell its rows anew: everything up to the position at which the read model stands. */
export interface Records<Event extends Foldable> {
  /** Rows as they are stored, also of append-only tables; lists also by the column that a key begins with. */
  load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]>;
  /** Events of data subjects. Throws `repair-refused` when they are too many, together with those that were read before. */
  eventsOf(subjects: readonly string[]): Promise<readonly Event[]>;
}

/** Rows to be put in the place of those that are there, and keys of rows to be deleted. */
export interface Rewriting {
  readonly table: Table<never>;
  readonly rows: readonly object[];
  readonly deletes: readonly (readonly KeyValue[])[];
}

export interface Retelling {
  readonly changes: readonly TableChanges[];
  /** Positions of events that could not be read in full. */
  readonly unread: ReadonlySet<bigint>;
}

/** What is to be written so that the routing's rows are as if whatever waits of some data subjects had been read when it came. */
export async function retellingOf<Event extends Foldable>(
  subjects: readonly string[],
  options: {
    readonly routing: ReadModel<Event>['routing'];
    readonly generation: Pick<Generation, 'load'>;
    readonly source: SubjectReader<Event>;
    readonly upTo: bigint;
  },
): Promise<Retelling> {
  const { routing, generation, source, upTo } = options;
  let read = 0;
  const unread = new Set<bigint>();
  const rewritings = await routing.foldAnew?.(subjects, {
    load: (asks) => generation.load(asks),
    eventsOf: async (some) => {
      const events = await eventsOf(some, source, { upTo, read });
      read += events.length;
      for (const { damage, position } of events) if (damage !== undefined) unread.add(position);
      return events;
    },
  });
  return { changes: (rewritings ?? []).map(changesOf), unread };
}

function changesOf({ table, rows, deletes }: Rewriting): TableChanges {
  const layout = new RowCells(table);
  const cells: Cell[] = [];
  for (const row of rows) {
    layout.check(row as Readonly<Record<string, unknown>>);
    layout.append(row as Readonly<Record<string, unknown>>, cells);
  }
  return { table, cells, deletes, replaces: true };
}
