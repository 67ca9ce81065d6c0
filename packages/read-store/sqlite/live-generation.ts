import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Statement } from 'better-sqlite3';
import { hasTable, openReader, openWriter } from './connection.ts';

const POINTER = 'generations.sqlite';

const SCHEMA = `CREATE TABLE IF NOT EXISTS generations (
  number INTEGER PRIMARY KEY, shape TEXT NOT NULL, live INTEGER NOT NULL CHECK (live IN (0, 1)))`;

/** Which generation of a read model is live: a row in a small database of its own, so that a switch is one commit. */
export class LiveGeneration {
  readonly #db: Database;
  readonly #live: Statement<[string]>;

  private constructor(db: Database) {
    this.#db = db;
    this.#live = db.prepare('SELECT number FROM generations WHERE live = 1 AND shape = ?');
  }

  static file(folder: string, number: number): string {
    return join(folder, `generation-${number}.sqlite`);
  }

  /** Number of the live generation of this shape; begins a new one where the live one has another shape, or none is there. */
  static ensure(folder: string, shape: string): number {
    const db = openWriter(join(folder, POINTER));
    try {
      db.exec(SCHEMA);
      return db
        .transaction(() => {
          const live = db.prepare('SELECT number, shape FROM generations WHERE live = 1').get() as
            | { number: number; shape: string }
            | undefined;
          if (live?.shape === shape) return live.number;
          const last = db.prepare('SELECT max(number) AS number FROM generations').get() as {
            number: number | null;
          };
          const number = (last.number ?? 0) + 1;
          db.prepare('UPDATE generations SET live = 0').run();
          db.prepare('INSERT INTO generations VALUES (?, ?, 1)').run(number, shape);
          return number;
        })
        .immediate();
    } finally {
      db.close();
    }
  }

  /** A look at the pointer that stays open; `undefined` until a projector has begun the first generation. */
  static watch(folder: string): LiveGeneration | undefined {
    const file = join(folder, POINTER);
    if (!existsSync(file)) return undefined;
    const db = openReader(file);
    try {
      if (hasTable(db, 'generations')) return new LiveGeneration(db);
    } catch (cause) {
      db.close();
      throw cause;
    }
    db.close(); // the projector has made the file and not yet its table
    return undefined;
  }

  number(shape: string): number | undefined {
    return (this.#live.get(shape) as { number: number } | undefined)?.number;
  }

  close(): void {
    this.#db.close();
  }
}
