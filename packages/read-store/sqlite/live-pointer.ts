import { existsSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';
import { isReadableAs } from '../read-store.ts';
import { Catalog } from './catalog.ts';
import { hasTable, openReader } from './connection.ts';

interface LiveRow {
  readonly number: number;
  readonly shape: string;
}

/** Which generation a reader sees: a look at the catalogue that stays open. */
export class LivePointer {
  readonly #db: Database;
  readonly #live: Statement<[], LiveRow>;
  readonly #version: Statement<[], number>;
  readonly #readable = new Map<number, boolean>();
  /** What was found when the catalogue had last changed. */
  #found: { version: number | undefined; shape: string; number: number | undefined } | undefined;

  private constructor(db: Database) {
    this.#db = db;
    this.#version = db.prepare<[], number>('PRAGMA data_version').pluck();
    this.#live = db.prepare('SELECT number, shape FROM generations WHERE live = 1 ORDER BY promoted DESC');
  }

  /** `undefined` until a projector has begun the first generation. */
  static open(folder: string): LivePointer | undefined {
    const file = Catalog.pointer(folder);
    if (!existsSync(file)) return undefined;
    const db = openReader(file);
    try {
      if (hasTable(db, 'generations')) return new LivePointer(db);
    } catch (cause) {
      db.close();
      throw cause;
    }
    db.close(); // the projector has made the file and not yet its table
    return undefined;
  }

  /** The live generation of this shape, else the one promoted last that has the tables this shape asks for. */
  number(shape: string): number | undefined {
    // Every read asks; a shape is some thousand characters long.
    const version = this.#version.get();
    if (this.#found?.version !== version || this.#found?.shape !== shape)
      this.#found = { version, shape, number: this.#find(shape) };
    return this.#found.number;
  }

  close(): void {
    this.#db.close();
  }

  #find(shape: string): number | undefined {
    const live = this.#live.all();
    return (live.find((row) => row.shape === shape) ?? live.find((row) => this.#isReadable(shape, row)))
      ?.number;
  }

  #isReadable(shape: string, row: LiveRow): boolean {
    const known = this.#readable.get(row.number) ?? isReadableAs(shape, row.shape);
    this.#readable.set(row.number, known);
    return known;
  }
}
