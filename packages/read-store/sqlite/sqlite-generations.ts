import { existsSync, rmSync, statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type { Generation } from '../generation.ts';
import {
  assertNotSeen,
  assertSameLog,
  formerRow,
  type GenerationRow,
  knownRow,
  latest,
  recordOf,
} from '../generation-rows.ts';
import type { GenerationRecord, Generations } from '../generations.ts';
import type { ReadModel } from '../projection.ts';
import { shapeOf } from '../read-store.ts';
import { Catalog } from './catalog.ts';
import { asReadStoreError, failing } from './failures.ts';
import { SnapshotConnection } from './snapshot-connection.ts';

type Open = (readModel: ReadModel<never>, number: number) => Promise<Generation>;

/** Generations as rows of the catalogue and files beside it. Each switch is one commit of the catalogue. */
export class SqliteGenerations implements Generations {
  readonly #catalog: Catalog;
  readonly #open: Open;

  constructor(catalog: Catalog, open: Open) {
    this.#catalog = catalog;
    this.#open = open;
  }

  async readModels(): Promise<readonly string[]> {
    return this.#catalog.readModels();
  }

  async list(readModel: string): Promise<readonly GenerationRecord[]> {
    const folder = this.#catalog.folder(readModel);
    return this.#rows(readModel).map((row) => {
      const file = Catalog.file(folder, row.number);
      return recordOf(row, { position: positionOf(row.number, file), bytes: bytesOf(file) });
    });
  }

  async begin(readModel: ReadModel<never>): Promise<Generation> {
    const number = this.#changing(readModel.name, (db) => this.#begin(db, readModel, 0));
    return this.#open(readModel, number);
  }

  /** The live one of this shape. Where there is no generation that readers could see, one is begun and is live. */
  ensureLive(readModel: ReadModel<never>): number | undefined {
    const shape = shapeOf(readModel);
    return this.#changing(readModel.name, (db) => {
      const live = rowsOf(db).filter((row) => row.live === 1);
      if (live.length === 0) return this.#begin(db, readModel, 1);
      return live.find((row) => row.shape === shape)?.number;
    });
  }

  async open(readModel: ReadModel<never>, number: number): Promise<Generation> {
    const { name } = readModel;
    knownRow(this.#rows(name), { readModel: name, number, shape: shapeOf(readModel) });
    return this.#open(readModel, number);
  }

  async live(readModel: ReadModel<never>): Promise<number | undefined> {
    const shape = shapeOf(readModel);
    return this.#rows(readModel.name).find((row) => row.live === 1 && row.shape === shape)?.number;
  }

  async noteLog(readModel: string, mark: string | undefined): Promise<void> {
    const noted = this.#changing(readModel, (db) => {
      if (mark !== undefined) db.prepare('INSERT OR IGNORE INTO log (id, mark) VALUES (1, ?)').run(mark);
      return db.prepare('SELECT mark FROM log').pluck().get() as string | undefined;
    });
    assertSameLog(readModel, noted, mark);
  }

  async promote(readModel: string, number: number): Promise<void> {
    this.#changing(readModel, (db) => {
      makeLive(db, knownRow(rowsOf(db), { readModel, number }));
    });
  }

  async rollback(readModel: string): Promise<number> {
    return this.#changing(readModel, (db) => {
      const former = formerRow(rowsOf(db), readModel);
      makeLive(db, former);
      return former.number;
    });
  }

  async drop(readModel: string, number: number): Promise<void> {
    const db = this.#catalog.find(readModel);
    if (db === undefined) return;
    this.#changing(readModel, () => {
      assertNotSeen(rowsOf(db), readModel, number);
      db.prepare('DELETE FROM generations WHERE number = ?').run(number);
    });
    const file = Catalog.file(this.#catalog.folder(readModel), number);
    failing(() => {
      for (const part of [file, `${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
    });
  }

  #begin(db: Database, readModel: ReadModel<never>, live: 0 | 1): number {
    const now = Date.now();
    const insert = db.prepare('INSERT INTO generations (shape, live, begun, promoted) VALUES (?, ?, ?, ?)');
    const row = insert.run(shapeOf(readModel), live, now, live === 1 ? now : null);
    return Number(row.lastInsertRowid);
  }

  #rows(readModel: string): readonly GenerationRow[] {
    const db = this.#catalog.find(readModel);
    return db === undefined ? [] : failing(() => rowsOf(db));
  }

  #changing<T>(readModel: string, change: (db: Database) => T): T {
    const db = this.#catalog.of(readModel);
    return failing(() => db.transaction(change).immediate(db));
  }
}

function rowsOf(db: Database): readonly GenerationRow[] {
  return db.prepare<[], GenerationRow>('SELECT * FROM generations ORDER BY number DESC').all();
}

/** Promotions are ordered even when the clock stands still or goes backwards. */
function makeLive(db: Database, { number, shape }: GenerationRow): void {
  const last = latest(rowsOf(db))?.promoted ?? 0;
  db.prepare('UPDATE generations SET live = 0 WHERE shape = ?').run(shape);
  db.prepare('UPDATE generations SET live = 1, promoted = ? WHERE number = ?').run(
    Math.max(Date.now(), last + 1),
    number,
  );
}

const OPTIONAL = { throwIfNoEntry: false } as const;

function bytesOf(file: string): number {
  return [file, `${file}-wal`].reduce((sum, part) => sum + (statSync(part, OPTIONAL)?.size ?? 0), 0);
}

/** 0 where the file is not there, also when another process drops it at this moment. */
function positionOf(number: number, file: string): bigint {
  if (!existsSync(file)) return 0n;
  let connection: SnapshotConnection | undefined;
  try {
    connection = SnapshotConnection.open(number, file);
    return connection?.checkpoint() ?? 0n;
  } catch (failure) {
    if (!existsSync(file)) return 0n;
    throw asReadStoreError(failure);
  } finally {
    connection?.close();
  }
}
