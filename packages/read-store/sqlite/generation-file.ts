import type { Database, Statement } from 'better-sqlite3';
import { ReadStoreError } from '../errors.ts';
import type { StepStart } from '../generation.ts';
import type { StepPart } from '../step-parts.ts';
import { openWriter } from './connection.ts';
import { type SqliteTable, sqliteTable } from './schema.ts';
import { TableWriter } from './table-writer.ts';
import { WalCheckpoints } from './wal-checkpoints.ts';
import type { WriterSetup } from './writer-protocol.ts';

type Outcome = 'committed' | 'lost-race';

/** The writing side of one generation's SQLite file: its tables, its checkpoint, its steps. */
export class GenerationFile {
  readonly #db: Database;
  readonly #tables = new Map<string, TableWriter>();
  readonly #beginAt: Statement<[bigint, number]>;
  readonly #moveCheckpoint: Statement<[bigint]>;
  readonly #wal: WalCheckpoints;
  /** Of the step under way. After a failure its parts pass unseen, and its end tells. */
  #outcome: Outcome | { readonly failure: unknown } = 'lost-race';

  constructor({ file, tables, maxFileBytes }: WriterSetup) {
    this.#db = openWriter(file);
    try {
      if (maxFileBytes !== undefined) limit(this.#db, maxFileBytes);
      this.#wal = new WalCheckpoints(this.#db, file);
      const layouts = tables.map(sqliteTable);
      // Prepared before others may change the schema again: a full-text table cannot be opened while they do.
      const prepare = this.#db.transaction(() => {
        createAll(this.#db, layouts);
        for (const layout of layouts) this.#tables.set(layout.name, new TableWriter(this.#db, layout));
      });
      prepare.immediate();
      this.#beginAt = this.#db.prepare(
        'UPDATE checkpoint SET steps = steps + 1 WHERE id = 1 AND position = ? AND steps = ?',
      );
      this.#moveCheckpoint = this.#db.prepare('UPDATE checkpoint SET position = ? WHERE id = 1');
    } catch (cause) {
      this.#db.close();
      throw cause;
    }
  }

  begin({ from, steps }: StepStart): void {
    this.#outcome = 'committed';
    this.#trying(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      if (this.#beginAt.run(from, steps).changes === 0) this.#outcome = 'lost-race';
    });
  }

  write(part: StepPart): void {
    if (this.#outcome === 'committed') this.#trying(() => this.#writePart(part));
  }

  end(to: bigint): Outcome {
    if (this.#outcome === 'committed')
      this.#trying(() => {
        this.#moveCheckpoint.run(to);
        this.#db.exec('COMMIT');
      });
    const outcome = this.#outcome;
    this.abandon();
    if (typeof outcome === 'object') throw outcome.failure;
    if (outcome === 'committed') this.#wal.afterCommit();
    return outcome;
  }

  abandon(): void {
    this.#outcome = 'lost-race';
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
  }

  /** Sorted building of an index over rows that are there costs a fifth of keeping it while they come. */
  finishLoading(): void {
    this.#db
      .transaction(() => {
        for (const table of this.#tables.values())
          if (table.layout.appendOnly)
            for (const create of table.layout.secondaryIndexes) this.#db.exec(create);
        this.#db.exec('UPDATE checkpoint SET loading = 0 WHERE id = 1');
      })
      .immediate();
    this.#db.exec('PRAGMA optimize');
    this.#wal.empty();
  }

  close(): void {
    this.#db.close();
  }

  #trying(work: () => void): void {
    try {
      work();
    } catch (failure) {
      this.abandon();
      this.#outcome = { failure };
    }
  }

  /** What cannot be bound is as much the row's fault as what the table refuses. */
  #writePart(part: StepPart): void {
    try {
      this.#tables.get(part.table)?.write(part);
    } catch (cause) {
      if (!(cause instanceof TypeError || cause instanceof RangeError)) throw cause;
      const message = `table ${part.table} was given a value that it cannot hold: ${cause.message}`;
      throw new ReadStoreError('row-refused', message, { cause });
    }
  }
}

function createAll(db: Database, layouts: readonly SqliteTable[]): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, steps INTEGER NOT NULL, loading INTEGER NOT NULL)',
  );
  db.exec('INSERT INTO checkpoint VALUES (1, 0, 0, 1) ON CONFLICT DO NOTHING');
  for (const layout of layouts) {
    for (const create of layout.create) db.exec(create);
    if (!layout.appendOnly) for (const create of layout.secondaryIndexes) db.exec(create);
  }
}

function limit(db: Database, maxFileBytes: number): void {
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  db.pragma(`max_page_count = ${Math.floor(maxFileBytes / pageBytes)}`);
}
