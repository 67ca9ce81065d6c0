import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openWriter } from './connection.ts';
import { failing } from './failures.ts';

const FILE = 'catalog.sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS generations (
    number INTEGER PRIMARY KEY AUTOINCREMENT, shape TEXT NOT NULL, live INTEGER NOT NULL CHECK (live IN (0, 1)),
    begun INTEGER NOT NULL, promoted INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL,
    wish TEXT, report TEXT NOT NULL, worker TEXT, leased INTEGER NOT NULL, posted INTEGER NOT NULL,
    changed INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY CHECK (id = 1), mark TEXT NOT NULL) STRICT;`;

/** Where the generations of each read model lie: a folder each, with a small database that says which is live. */
export class Catalog {
  readonly #root: string;
  readonly #open = new Map<string, Database>();

  constructor(root: string) {
    this.#root = root;
  }

  static pointer(folder: string): string {
    return join(folder, FILE);
  }

  static file(folder: string, number: number): string {
    return join(folder, `generation-${number}.sqlite`);
  }

  /** Folder of a read model, made where it is missing. */
  folder(readModel: string): string {
    const folder = join(this.#root, readModel);
    failing(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    return folder;
  }

  readModels(): string[] {
    if (!existsSync(this.#root)) return [];
    const names = failing(() => readdirSync(this.#root));
    return names.filter((name) => existsSync(Catalog.pointer(join(this.#root, name)))).sort();
  }

  /** The small database, where it is there. */
  find(readModel: string): Database | undefined {
    const known = this.#open.get(readModel);
    if (known !== undefined) return known;
    return existsSync(Catalog.pointer(join(this.#root, readModel))) ? this.of(readModel) : undefined;
  }

  /** The small database, created where it is missing. */
  of(readModel: string): Database {
    let db = this.#open.get(readModel);
    if (db === undefined) {
      db = openWriter(Catalog.pointer(this.folder(readModel)));
      const created = db;
      failing(() => created.exec(SCHEMA));
      this.#open.set(readModel, db);
    }
    return db;
  }

  close(): void {
    for (const db of this.#open.values()) db.close();
    this.#open.clear();
  }
}
