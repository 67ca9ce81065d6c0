import type { Ask, Cell, Generation, Standing, Step, Table } from '../index.ts';
import { type PlainRow, PlainRows } from './plain-rows.ts';

export interface Timing {
  /** Steps that were committed before, as if by somebody else: then nobody can take it for empty. */
  readonly steps?: number;
  /** Awaited after rows were looked up and before they are answered: a slow network. */
  readonly beforeAnswer?: () => Promise<void>;
  /** Awaited before a step is written. */
  readonly beforeCommit?: (step: Step) => Promise<void>;
}

/** A generation in memory that is as slow, and fails as oddly, as a test wants it to be. */
export class MemoryGeneration implements Generation {
  readonly number = 1;
  readonly rows: PlainRows;
  readonly #timing: Timing;
  #position = 0n;
  #steps: number;
  #loading = true;

  constructor(tables: readonly Table<never>[], timing: Timing = {}) {
    this.rows = new PlainRows(tables);
    this.#timing = timing;
    this.#steps = timing.steps ?? 0;
  }

  async checkpoint(): Promise<bigint> {
    return this.#position;
  }

  async standing(): Promise<Standing> {
    return { position: this.#position, steps: this.#steps };
  }

  async load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]> {
    const answers = asks.map((ask) => {
      if (ask.kind === 'list') return this.rows.list(ask.table, ask.column as never, ask.value);
      const row = this.rows.get(ask.table, ...ask.key);
      return row === undefined ? [] : [row];
    });
    await this.#timing.beforeAnswer?.();
    return structuredClone(answers);
  }

  async commit(step: Step): Promise<'committed' | 'lost-race'> {
    const own = structuredClone({ ...step, changes: [] });
    await this.#timing.beforeCommit?.(step);
    if (this.#position !== own.from || this.#steps !== own.steps) return 'lost-race';
    for (const { table, cells, deletes } of step.changes) {
      for (const key of deletes) this.rows.delete(table, ...key);
      for (const row of rowsOf(table, cells)) this.rows.put(table as never, row);
    }
    this.#position = own.to;
    this.#steps++;
    return 'committed';
  }

  async isLoading(): Promise<boolean> {
    return this.#loading;
  }

  async finishLoading(): Promise<void> {
    this.#loading = false;
  }

  async digest(): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(this.rows.contents()).map(([name, rows]) => [name, JSON.stringify(rows)]));
  }

  async frozen(): Promise<never> {
    throw new Error('a generation in memory cannot be frozen');
  }

  async close(): Promise<void> {}
}

function* rowsOf(table: Table<never>, cells: readonly Cell[]): Iterable<PlainRow> {
  const columns = Object.entries<string>(table.columns);
  for (let from = 0; from < cells.length; from += columns.length)
    yield Object.fromEntries(
      columns.map(([name, type], at) => {
        const cell = cells[from + at] ?? null;
        return [name, type.startsWith('json') && cell !== null ? JSON.parse(cell as string) : cell];
      }),
    );
}
