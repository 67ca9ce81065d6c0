import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import type { Installation } from '../support/shapes.ts';

const BUSY_TIMEOUT_MS = 10_000;

/** Wrapped keys where an installation keeps them, past every process: as a failing disk or a careless restore gets at them. */
export class KeysAtRest {
  readonly #file: string;
  readonly #url: string | undefined;

  constructor({ dataFolder, settings }: Pick<Installation, 'dataFolder' | 'settings'>) {
    this.#file = join(dataFolder, 'keys', 'keys.sqlite');
    this.#url = settings.TOUCHLINE_KEY_STORE;
  }

  async look(subject: string): Promise<Buffer> {
    const [row] = await this.#run('SELECT wrapped FROM keys WHERE subject = ?', [subject]);
    if (row === undefined) throw new Error('there is no such key');
    return row.wrapped;
  }

  async put(subject: string, wrapped: Buffer): Promise<void> {
    await this.#run('UPDATE keys SET wrapped = ? WHERE subject = ? RETURNING wrapped', [wrapped, subject]);
  }

  #run(sql: string, values: readonly unknown[]): Promise<{ wrapped: Buffer }[]> {
    return this.#url === undefined ? this.#inFile(sql, values) : this.#onServer(this.#url, sql, values);
  }

  async #inFile(sql: string, values: readonly unknown[]): Promise<{ wrapped: Buffer }[]> {
    const database = new Database(this.#file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      return database.prepare<unknown[], { wrapped: Buffer }>(sql).all(...values);
    } finally {
      database.close();
    }
  }

  async #onServer(url: string, sql: string, values: readonly unknown[]): Promise<{ wrapped: Buffer }[]> {
    const client = new Client({ connectionString: url });
    // Whoever awaits an answer is told of it as well.
    client.on('error', () => {});
    await client.connect();
    try {
      await client.query(`SET search_path = keys_of_${new URL(url).searchParams.get('schema')}`);
      let place = 0;
      const { rows } = await client.query<{ wrapped: Buffer }>(
        sql.replace(/\?/g, () => `$${++place}`),
        [...values],
      );
      return rows;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
