import type { Ask, FrozenRows, Generation, Standing, Step } from '../generation.ts';
import { type ConnectionAccess, Connections, closed, LONG_STATEMENT_MS } from './connections.ts';
import { FrozenSchema } from './frozen-schema.ts';
import { checkpointOf } from './generation-schema.ts';
import { quote } from './names.ts';
import { loadRows } from './row-loader.ts';
import type { PostgresTable } from './schema.ts';
import { writeChanges } from './step-writer.ts';

/** One step on its way, one load, one digest or index build. */
const MAX_CONNECTIONS = 3;

const SETTINGS = {
  // A crash of the server may take the last steps back, rows and checkpoint together; the log has them and they are folded again.
  synchronous_commit: 'off',
  // Keys are looked up, however little the planner knows of a table that has just been filled.
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
};

/** A step whose projector stands still, or has vanished, keeps the checkpoint from the one that takes over. */
const BEGIN_STEP = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '4s'";

/** Several times the default: an index over a whole log is sorted in it. */
const INDEX_MEMORY = '256MB';

export interface GenerationSetup {
  readonly number: number;
  readonly schema: string;
  readonly tables: readonly PostgresTable[];
  readonly channel: string;
  readonly access: ConnectionAccess;
  /** Called when it is closed. */
  readonly onClose: () => void;
}

/** One generation as a schema: everything about it, its checkpoint too, is in there. */
export class PostgresGeneration implements Generation {
  readonly number: number;
  readonly #checkpoint: string;
  readonly #channel: string;
  readonly #tables: ReadonlyMap<string, PostgresTable>;
  readonly #connections: Connections;
  readonly #onClose: () => void;

  constructor({ number, schema, tables, channel, access, onClose }: GenerationSetup) {
    this.number = number;
    this.#checkpoint = checkpointOf(schema);
    this.#channel = channel;
    this.#onClose = onClose;
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#connections = new Connections({ ...access, max: MAX_CONNECTIONS, settings: SETTINGS });
  }

  async checkpoint(): Promise<bigint> {
    return (await this.standing()).position;
  }

  async standing(): Promise<Standing> {
    const { position, steps } = await this.#look();
    return { position, steps };
  }

  async isLoading(): Promise<boolean> {
    return (await this.#look()).loading;
  }

  async load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]> {
    return this.#connections.use((connection) => loadRows(connection, this.#tables, asks));
  }

  /** Waits for another projector's step under way, and then finds the checkpoint moved. */
  async commit({ from, to, steps, changes }: Step): Promise<'committed' | 'lost-race'> {
    try {
      await this.#connections.transaction(async (connection) => {
        const { rowCount } = await connection.run(
          `UPDATE ${this.#checkpoint} SET position = $1, steps = steps + 1 WHERE id = 1 AND position = $2 AND steps = $3`,
          [to, from, steps],
          { prepared: true },
        );
        if (rowCount === 0) throw LOST_RACE;
        await writeChanges(connection, this.#tables, changes);
        await connection.run(`NOTIFY ${quote(this.#channel)}`);
      }, BEGIN_STEP);
      return 'committed';
    } catch (failure) {
      if (failure === LOST_RACE) return 'lost-race';
      throw failure;
    }
  }

  /** Whoever else writes waits, and so does a second one who finishes. */
  async finishLoading(): Promise<void> {
    const options = { maxMs: LONG_STATEMENT_MS };
    await this.#connections.transaction(async (connection) => {
      await connection.run(`SET LOCAL statement_timeout = ${LONG_STATEMENT_MS}`);
      await connection.run(`SET LOCAL maintenance_work_mem = '${INDEX_MEMORY}'`);
      const { rowCount } = await connection.run(
        `UPDATE ${this.#checkpoint} SET loading = false WHERE id = 1 AND loading`,
      );
      if (rowCount === 0) return;
      const tables = [...this.#tables.values()];
      const indexes = tables.flatMap((table) => (table.appendOnly ? table.secondaryIndexes : []));
      for (const create of indexes) await connection.run(create, [], options);
      for (const { path } of tables) await connection.run(`ANALYZE ${path}`, [], options);
      await connection.run(`NOTIFY ${quote(this.#channel)}`);
    });
  }

  digest(): Promise<ReadonlyMap<string, string>> {
    return this.frozen((rows) => rows.digest());
  }

  frozen<T>(work: (rows: FrozenRows) => Promise<T>): Promise<T> {
    return this.#connections.transaction(
      async (connection) => work(await FrozenSchema.open(connection, this.#tables, this.#checkpoint)),
      FrozenSchema.BEGIN,
    );
  }

  async close(): Promise<void> {
    await this.#connections.close();
    this.#onClose();
  }

  #look(): Promise<Standing & { readonly loading: boolean }> {
    return this.#connections.use(async (connection) => {
      const sql = `SELECT position::text, steps, loading FROM ${this.#checkpoint} WHERE id = 1`;
      const { rows } = await connection.run(sql, [], { prepared: true });
      if (rows[0] === undefined) throw closed();
      const [position, steps, loading] = rows[0];
      return { position: BigInt(position as string), steps: Number(steps), loading: loading === true };
    });
  }
}

/** Takes the transaction back on the way out. */
const LOST_RACE = Symbol('lost race');
