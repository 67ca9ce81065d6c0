import type { Database, Statement } from 'better-sqlite3';
import type { Table } from '../table.ts';
import { openWriter } from './connection.ts';
import { type SqliteTable, sqliteTable } from './schema.ts';
import type { WriterChanges } from './writer-protocol.ts';

/** Sorting pays from here on: neighbours in a B-tree are then written together. */
const SORT_FROM_ROWS = 64;

/** The writing side of one generation's SQLite file: its tables, its checkpoint, its steps. */
export class GenerationFile {
  readonly #db: Database;
  readonly #tables = new Map<string, TableWriter>();
  readonly #moveCheckpoint: Statement<[bigint, bigint]>;

  constructor(file: string, tables: readonly Table<never>[]) {
    this.#db = openWriter(file);
    const layouts = tables.map(sqliteTable);
    this.#db.transaction(() => createAll(this.#db, layouts)).immediate();
    for (const layout of layouts) this.#tables.set(layout.name, new TableWriter(this.#db, layout));
    this.#moveCheckpoint = this.#db.prepare(
      'UPDATE checkpoint SET position = ? WHERE id = 1 AND position = ?',
    );
  }

  commit(from: bigint, to: bigint, changes: readonly WriterChanges[]): 'committed' | 'lost-race' {
    return this.#db
      .transaction(() => {
        if (this.#moveCheckpoint.run(to, from).changes === 0) return 'lost-race';
        for (const change of changes) this.#tables.get(change.table)?.write(change);
        return 'committed';
      })
      .immediate();
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
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }
}

function createAll(db: Database, layouts: readonly SqliteTable[]): void {
  db.exec(
    'CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, loading INTEGER NOT NULL)',
  );
  db.exec('INSERT INTO checkpoint VALUES (1, 0, 1) ON CONFLICT DO NOTHING');
  for (const layout of layouts) {
    for (const create of layout.create) db.exec(create);
    if (!layout.appendOnly) for (const create of layout.secondaryIndexes) db.exec(create);
  }
}

class TableWriter {
  readonly layout: SqliteTable;
  readonly #insert: Statement;
  readonly #remove: Statement;
  readonly #insertTokens: Statement | undefined;
  readonly #removeTokens: Statement | undefined;

  constructor(db: Database, layout: SqliteTable) {
    this.layout = layout;
    this.#insert = db.prepare(layout.insert);
    this.#remove = db.prepare(layout.remove);
    this.#insertTokens = layout.tokens && db.prepare(layout.tokens.insert);
    this.#removeTokens = layout.tokens && !layout.appendOnly ? db.prepare(layout.tokens.remove) : undefined;
  }

  write({ puts, tokens, deletes }: WriterChanges): void {
    for (const key of deletes) {
      this.#remove.run(key);
      this.#removeTokens?.run(key);
    }
    const order = this.#inKeyOrder(puts);
    for (const at of order) this.#insert.run(puts[at]);
    if (this.#insertTokens === undefined) return;
    const [keyAt = 0] = this.layout.keyIndexes;
    for (const at of order) {
      const key = puts[at]?.[keyAt];
      this.#removeTokens?.run(key);
      this.#insertTokens.run(key, tokens[at]);
    }
  }

  #inKeyOrder(puts: WriterChanges['puts']): number[] {
    const order = Array.from(puts.keys());
    if (this.layout.appendOnly || puts.length < SORT_FROM_ROWS) return order;
    const at = this.layout.keyIndexes;
    return order.sort((a, b) => {
      for (const column of at) {
        const left = puts[a]?.[column] ?? '';
        const right = puts[b]?.[column] ?? '';
        if (left !== right) return left < right ? -1 : 1;
      }
      return 0;
    });
  }
}
