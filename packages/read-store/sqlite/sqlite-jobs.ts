import { randomUUIDv7 } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { dueOf, type JobRow, jobConflict, jobOf, UNFINISHED } from '../job-rows.ts';
import {
  type Claim,
  isActive,
  type Job,
  type JobBoard,
  type JobChange,
  type JobKind,
  type JobWish,
  MAX_LEASE_MS,
  type NewJob,
} from '../jobs.ts';
import type { Catalog } from './catalog.ts';
import { failing } from './failures.ts';

/** Jobs as rows of the catalogue. */
export class SqliteJobs implements JobBoard {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  async post(job: NewJob): Promise<Job> {
    const { readModel, kind, subject = '', request } = job;
    return this.#changing(readModel, (db) => {
      const same = db.prepare(`SELECT id FROM jobs WHERE kind = ? AND subject = ? AND ${UNFINISHED}`);
      const other = same.pluck().get(kind, subject);
      if (other !== undefined) throw jobConflict(job, other);
      const id = randomUUIDv7();
      const now = Date.now();
      db.prepare(
        `INSERT INTO jobs (id, kind, subject, request, state, report, leased, posted, changed)
         VALUES (?, ?, ?, ?, 'planned', 'null', 0, ?, ?)`,
      ).run(id, kind, subject, JSON.stringify(request), now, now);
      return found(readModel, db, id) as Job;
    });
  }

  async find(readModel: string, id: string): Promise<Job | undefined> {
    const db = this.#catalog.find(readModel);
    return db && failing(() => found(readModel, db, id));
  }

  async list(
    readModel: string,
    { limit, before }: { limit: number; before?: string },
  ): Promise<readonly Job[]> {
    const db = this.#catalog.find(readModel);
    if (db === undefined) return [];
    const page = 'SELECT * FROM jobs WHERE number < ? ORDER BY number DESC LIMIT ?';
    return failing(() => {
      const number = db.prepare('SELECT number FROM jobs WHERE id = ?').pluck();
      const end = before === undefined ? Number.MAX_SAFE_INTEGER : (number.get(before) ?? 0);
      return db.prepare<[number, number], JobRow>(page).all(end as number, limit);
    }).map((row) => jobOf(readModel, row));
  }

  async wish(readModel: string, id: string, wish: JobWish): Promise<Job | undefined> {
    return this.#changing(readModel, (db) => {
      db.prepare(`UPDATE jobs SET wish = ? WHERE id = ? AND ${UNFINISHED}`).run(wish, id);
      return found(readModel, db, id);
    });
  }

  async isDue(readModel: string, kinds: readonly JobKind[]): Promise<boolean> {
    const db = this.#catalog.find(readModel);
    return db !== undefined && failing(() => nextOf(db, kinds)) !== undefined;
  }

  async claim(readModel: string, { worker, kinds, leaseMs }: Claim): Promise<Job | undefined> {
    // Mostly there is nothing to do: no reason to take the write lock.
    if (!(await this.isDue(readModel, kinds))) return undefined;
    return this.#changing(readModel, (db) => {
      const id = nextOf(db, kinds);
      if (id === undefined) return undefined;
      db.prepare('UPDATE jobs SET worker = ?, leased = ? WHERE id = ?').run(worker, Date.now() + leaseMs, id);
      return found(readModel, db, id);
    });
  }

  async report(
    { readModel, id }: Job,
    { worker, leaseMs }: Pick<Claim, 'worker' | 'leaseMs'>,
    { state, report, heeded }: JobChange,
  ): Promise<Job | undefined> {
    return this.#changing(readModel, (db) => {
      const now = Date.now();
      const leased = isActive(state) ? now + leaseMs : 0;
      const { changes } = db
        .prepare(
          `UPDATE jobs SET state = ?, report = ?, changed = ?, leased = ?, wish = CASE WHEN wish = ? THEN NULL ELSE wish END
           WHERE id = ? AND worker = ? AND ${UNFINISHED}`,
        )
        .run(state, JSON.stringify(report), now, leased, heeded ?? '', id, worker);
      return changes === 0 ? undefined : found(readModel, db, id);
    });
  }

  #changing<T>(readModel: string, change: (db: Database) => T): T {
    const db = this.#catalog.of(readModel);
    return failing(() => db.transaction(change).immediate(db));
  }
}

function nextOf(db: Database, kinds: readonly JobKind[]): string | undefined {
  const now = Date.now();
  const due = `SELECT id FROM jobs WHERE ${dueOf(kinds)} AND (leased < ? OR leased > ?) ORDER BY number LIMIT 1`;
  return db
    .prepare(due)
    .pluck()
    .get(now, now + MAX_LEASE_MS) as string | undefined;
}

function found(readModel: string, db: Database, id: string): Job | undefined {
  const row = db.prepare<[string], JobRow>('SELECT * FROM jobs WHERE id = ?').get(id);
  return row && jobOf(readModel, row);
}
