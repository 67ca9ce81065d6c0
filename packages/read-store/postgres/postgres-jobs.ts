import { randomUUIDv7 } from 'node:crypto';
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
import { type Catalog, NOW } from './catalog.ts';
import type { Connection } from './connections.ts';
import { toStored } from './stored-text.ts';

const COLUMNS = 'id, kind, subject, request, state, wish, report, posted, changed';

/** Jobs as rows of the catalogue. Leases are told by the server's clock: workers may be on several machines. */
export class PostgresJobs implements JobBoard {
  readonly #catalog: Catalog;
  readonly #jobs: string;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#jobs = catalog.path('jobs');
  }

  async post(job: NewJob): Promise<Job> {
    const { readModel, kind, subject = '', request } = job;
    return this.#catalog.change(readModel, async (connection) => {
      const same = await connection.run(
        `SELECT id FROM ${this.#jobs} WHERE read_model = $1 AND kind = $2 AND subject = $3 AND ${UNFINISHED}`,
        [readModel, kind, toStored(subject)],
      );
      const other = same.rows[0]?.[0];
      if (other !== undefined) throw jobConflict(job, other);
      const id = randomUUIDv7();
      await connection.run(
        `INSERT INTO ${this.#jobs} (read_model, id, kind, subject, request, state, report, leased, posted, changed)
         VALUES ($1, $2, $3, $4, $5, 'planned', 'null', 0, ${NOW}, ${NOW})`,
        [readModel, id, kind, toStored(subject), JSON.stringify(request)],
      );
      return (await this.#found(connection, readModel, id)) as Job;
    });
  }

  async find(readModel: string, id: string): Promise<Job | undefined> {
    return this.#catalog.look((connection) => this.#found(connection, readModel, id));
  }

  async list(
    readModel: string,
    { limit, before }: { limit: number; before?: string },
  ): Promise<readonly Job[]> {
    const jobs = await this.#catalog.look(async (connection) => {
      const end =
        before === undefined ? '' : ` AND number < (SELECT number FROM ${this.#jobs} WHERE id = $3)`;
      const rows = await connection.rows<JobRow>(
        `SELECT ${COLUMNS} FROM ${this.#jobs} WHERE read_model = $1${end} ORDER BY number DESC LIMIT $2`,
        [readModel, limit, ...(before === undefined ? [] : [toStored(before)])],
      );
      return rows.map((row) => jobOf(readModel, row));
    });
    return jobs ?? [];
  }

  async wish(readModel: string, id: string, wish: JobWish): Promise<Job | undefined> {
    return this.#catalog.change(readModel, async (connection) => {
      await connection.run(
        `UPDATE ${this.#jobs} SET wish = $3 WHERE read_model = $1 AND id = $2 AND ${UNFINISHED}`,
        [readModel, toStored(id), wish],
      );
      return this.#found(connection, readModel, id);
    });
  }

  async isDue(readModel: string, kinds: readonly JobKind[]): Promise<boolean> {
    const id = await this.#catalog.look((connection) => this.#due(connection, readModel, kinds));
    return id !== undefined;
  }

  async claim(readModel: string, { worker, kinds, leaseMs }: Claim): Promise<Job | undefined> {
    // Mostly there is nothing to do: no reason to take a lock.
    if (!(await this.isDue(readModel, kinds))) return undefined;
    return this.#catalog.change(readModel, async (connection) => {
      const id = await this.#due(connection, readModel, kinds);
      if (id === undefined) return undefined;
      await connection.run(
        `UPDATE ${this.#jobs} SET worker = $2, leased = ${NOW} + $3::bigint WHERE id = $1`,
        [id, worker, leaseMs],
      );
      return this.#found(connection, readModel, id);
    });
  }

  async report(
    { readModel, id }: Job,
    { worker, leaseMs }: Pick<Claim, 'worker' | 'leaseMs'>,
    { state, report, heeded }: JobChange,
  ): Promise<Job | undefined> {
    return this.#catalog.change(readModel, async (connection) => {
      const { rowCount } = await connection.run(
        `UPDATE ${this.#jobs} SET state = $3, report = $4, changed = ${NOW},
           leased = CASE WHEN $5::boolean THEN ${NOW} + $6::bigint ELSE 0 END,
           wish = CASE WHEN wish = $7 THEN NULL ELSE wish END
         WHERE id = $1 AND worker = $2 AND ${UNFINISHED}`,
        [id, worker, state, JSON.stringify(report), String(isActive(state)), leaseMs, heeded ?? ''],
      );
      return rowCount === 0 ? undefined : this.#found(connection, readModel, id);
    });
  }

  async #due(
    connection: Connection,
    readModel: string,
    kinds: readonly JobKind[],
  ): Promise<string | undefined> {
    const { rows } = await connection.run(
      `SELECT id FROM ${this.#jobs} WHERE read_model = $1 AND ${dueOf(kinds)}
         AND (leased < ${NOW} OR leased > ${NOW} + $2::bigint) ORDER BY number LIMIT 1`,
      [readModel, MAX_LEASE_MS],
      { prepared: true },
    );
    return rows[0] === undefined ? undefined : String(rows[0][0]);
  }

  async #found(connection: Connection, readModel: string, id: string): Promise<Job | undefined> {
    const [row] = await connection.rows<JobRow>(
      `SELECT ${COLUMNS} FROM ${this.#jobs} WHERE read_model = $1 AND id = $2`,
      [readModel, toStored(id)],
    );
    return row && jobOf(readModel, row);
  }
}
