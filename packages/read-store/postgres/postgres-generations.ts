import type { Generation } from '../generation.ts';
import {
  assertNotSeen,
  assertSameLog,
  formerRow,
  type GenerationRow,
  knownRow,
  recordOf,
} from '../generation-rows.ts';
import type { GenerationRecord, Generations } from '../generations.ts';
import type { ReadModel } from '../projection.ts';
import { shapeOf } from '../read-store.ts';
import { type Catalog, NOW } from './catalog.ts';
import type { Connection } from './connections.ts';
import { checkpointOf, createGeneration, hasTable } from './generation-schema.ts';
import { shapeMark } from './live-pointer.ts';
import { quote } from './names.ts';

type Open = (readModel: ReadModel<never>, number: number) => Generation;

/** Generations as rows of the catalogue and schemas beside it. Each switch is one commit. */
export class PostgresGenerations implements Generations {
  readonly #catalog: Catalog;
  readonly #open: Open;

  constructor(catalog: Catalog, open: Open) {
    this.#catalog = catalog;
    this.#open = open;
  }

  async readModels(): Promise<readonly string[]> {
    const names = await this.#catalog.look(async (connection) => {
      const sql = `SELECT DISTINCT read_model FROM ${this.#catalog.path('generations')} ORDER BY read_model`;
      return (await connection.run(sql)).rows.map(([name]) => String(name));
    });
    return names ?? [];
  }

  async list(readModel: string): Promise<readonly GenerationRecord[]> {
    const records = await this.#catalog.look(async (connection) => {
      const rows = await this.#rows(connection, readModel);
      const found: GenerationRecord[] = [];
      for (const row of rows) found.push(recordOf(row, await this.#size(connection, readModel, row)));
      return found;
    });
    return records ?? [];
  }

  async begin(readModel: ReadModel<never>): Promise<Generation> {
    const number = await this.#catalog.change(readModel.name, (connection) =>
      this.#begin(connection, readModel, false),
    );
    return this.#open(readModel, number);
  }

  /** The live one of this shape. Where there is no generation that readers could see, one is begun and is live. */
  async ensureLive(readModel: ReadModel<never>): Promise<number | undefined> {
    const shape = shapeOf(readModel);
    return this.#catalog.change(readModel.name, async (connection) => {
      const live = (await this.#rows(connection, readModel.name)).filter((row) => row.live);
      if (live.length === 0) return this.#begin(connection, readModel, true);
      const number = live.find((row) => row.shape === shape)?.number;
      // Also where somebody has dropped the schema: it is folded again from the log.
      if (number !== undefined) await createGeneration(connection, this.#catalog.names, readModel, number);
      return number;
    });
  }

  async open(readModel: ReadModel<never>, number: number): Promise<Generation> {
    const rows = await this.#catalog.look((connection) => this.#rows(connection, readModel.name));
    knownRow(rows ?? [], { readModel: readModel.name, number, shape: shapeOf(readModel) });
    return this.#open(readModel, number);
  }

  async live(readModel: ReadModel<never>): Promise<number | undefined> {
    const mark = shapeMark(shapeOf(readModel));
    const sql = `SELECT number FROM ${this.#catalog.path('generations')} WHERE read_model = $1 AND shape_mark = $2 AND live`;
    const found = await this.#catalog.look((connection) =>
      connection.run(sql, [readModel.name, mark], { prepared: true }),
    );
    return found?.rows[0] === undefined ? undefined : Number(found.rows[0][0]);
  }

  async noteLog(readModel: string, mark: string | undefined): Promise<void> {
    const known = await this.#catalog.look((connection) => this.#logMark(connection, readModel));
    const isNew = known === undefined && mark !== undefined;
    assertSameLog(readModel, isNew ? await this.#markLog(readModel, mark) : known, mark);
  }

  async promote(readModel: string, number: number): Promise<void> {
    await this.#catalog.change(readModel, async (connection) => {
      const row = knownRow(await this.#rows(connection, readModel), { readModel, number });
      await this.#makeLive(connection, readModel, row);
    });
  }

  async rollback(readModel: string): Promise<number> {
    return this.#catalog.change(readModel, async (connection) => {
      const former = formerRow(await this.#rows(connection, readModel), readModel);
      await this.#makeLive(connection, readModel, former);
      return former.number;
    });
  }

  /** Waits for reads that are still on it; when they take too long `read-store-busy`, and the room is freed by the next call. */
  async drop(readModel: string, number: number): Promise<void> {
    if ((await this.#catalog.look(async () => true)) === undefined) return;
    await this.#catalog.change(readModel, async (connection) => {
      assertNotSeen(await this.#rows(connection, readModel), readModel, number);
      const sql = `DELETE FROM ${this.#catalog.path('generations')} WHERE read_model = $1 AND number = $2`;
      await connection.run(sql, [readModel, number]);
    });
    const schema = this.#catalog.names.generation(readModel, number);
    await this.#catalog.run(`DROP SCHEMA IF EXISTS ${quote(schema)} CASCADE`);
  }

  /** Also where the catalogue was made before logs had marks. */
  async #logMark(connection: Connection, readModel: string): Promise<string | undefined> {
    const sql = `SELECT to_jsonb(r) ->> 'log_mark' FROM ${this.#catalog.path('read_models')} r WHERE name = $1`;
    const mark = (await connection.run(sql, [readModel])).rows[0]?.[0] ?? undefined;
    return mark === undefined ? undefined : String(mark);
  }

  /** Answers the mark that counts: another process may have been faster. */
  async #markLog(readModel: string, mark: string): Promise<string> {
    return this.#catalog.change(readModel, async (connection) => {
      const readModels = this.#catalog.path('read_models');
      await connection.run(`ALTER TABLE ${readModels} ADD COLUMN IF NOT EXISTS log_mark text`);
      const sql = `UPDATE ${readModels} SET log_mark = coalesce(log_mark, $2) WHERE name = $1 RETURNING log_mark`;
      return String((await connection.run(sql, [readModel, mark])).rows[0]?.[0] ?? mark);
    });
  }

  async #begin(connection: Connection, readModel: ReadModel<never>, live: boolean): Promise<number> {
    const { name } = readModel;
    const counted = await connection.run(
      `INSERT INTO ${this.#catalog.path('read_models')} AS r VALUES ($1, 1)
       ON CONFLICT (name) DO UPDATE SET last_number = r.last_number + 1 RETURNING last_number`,
      [name],
    );
    const number = Number(counted.rows[0]?.[0]);
    const shape = shapeOf(readModel);
    await connection.run(
      `INSERT INTO ${this.#catalog.path('generations')} (read_model, number, shape, shape_mark, live, begun, promoted)
       VALUES ($1, $2, $3, $4, $5::boolean, ${NOW}, CASE WHEN $5::boolean THEN ${NOW} END)`,
      [name, number, shape, shapeMark(shape), String(live)],
    );
    await createGeneration(connection, this.#catalog.names, readModel, number);
    return number;
  }

  /** Promotions are ordered even when the clock stands still or goes backwards. */
  async #makeLive(
    connection: Connection,
    readModel: string,
    { number, shape }: GenerationRow,
  ): Promise<void> {
    const generations = this.#catalog.path('generations');
    await connection.run(`UPDATE ${generations} SET live = false WHERE read_model = $1 AND shape_mark = $2`, [
      readModel,
      shapeMark(shape),
    ]);
    await connection.run(
      `UPDATE ${generations} SET live = true, promoted =
         (SELECT greatest(${NOW}, coalesce(max(promoted), 0) + 1) FROM ${generations} WHERE read_model = $1)
       WHERE read_model = $1 AND number = $2`,
      [readModel, number],
    );
    await connection.run(`NOTIFY ${quote(this.#catalog.names.channel(readModel))}`);
  }

  /** Newest first. */
  async #rows(connection: Connection, readModel: string): Promise<readonly GenerationRow[]> {
    return connection.rows<GenerationRow>(
      `SELECT number, shape, live, begun, promoted FROM ${this.#catalog.path('generations')}
       WHERE read_model = $1 ORDER BY number DESC`,
      [readModel],
    );
  }

  /** Nothing where the schema is not there, also when another process drops it at this moment. */
  async #size(connection: Connection, readModel: string, { number }: GenerationRow): Promise<Size> {
    const schema = this.#catalog.names.generation(readModel, number);
    const isThere = () => hasTable(connection, schema, 'checkpoint');
    if (!(await isThere())) return NOTHING;
    try {
      const { rows } = await connection.run(
        `SELECT (SELECT position::text FROM ${checkpointOf(schema)} WHERE id = 1), sum(pg_total_relation_size(c.oid))
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'`,
        [schema],
      );
      const [position, bytes] = rows[0] ?? [];
      return { position: BigInt(String(position ?? 0)), bytes: Number(bytes ?? 0) };
    } catch (failure) {
      if (await isThere()) throw failure;
      return NOTHING;
    }
  }
}

type Size = Pick<GenerationRecord, 'position' | 'bytes'>;
const NOTHING: Size = { position: 0n, bytes: 0 };
