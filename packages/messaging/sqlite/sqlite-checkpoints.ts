import type Database from 'better-sqlite3';
import { type Checkpoints, CheckpointsError, type Move } from '../checkpoints/index.ts';
import { openFile } from './connection.ts';
import { toCheckpointsError } from './sqlite-errors.ts';

export interface SqliteCheckpointsOptions {
  readonly file: string;
}

/**
 * Checkpoints and leases in one file, which processes of one machine share. Statements run on the calling thread: there are
 * a few a second. Throws `CheckpointsError`.
 */
export function openSqliteCheckpoints({ file }: SqliteCheckpointsOptions): Checkpoints {
  return new SqliteCheckpoints(file);
}

class SqliteCheckpoints implements Checkpoints {
  readonly #file: string;
  readonly #db: Database.Database;
  readonly #select: Database.Statement<[string], string>;
  readonly #insert: Database.Statement<[string, string]>;
  readonly #update: Database.Statement<[string, string, string]>;
  readonly #take: Database.Statement<[string, string, number, number]>;
  readonly #giveUp: Database.Statement<[string, string]>;

  constructor(file: string) {
    this.#file = file;
    this.#db = openFile(file);
    this.#select = this.#db
      .prepare<[string], string>('SELECT position FROM checkpoints WHERE name = ?')
      .pluck();
    this.#insert = this.#db.prepare('INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#update = this.#db.prepare('UPDATE checkpoints SET position = ? WHERE name = ? AND position = ?');
    this.#take = this.#db.prepare(
      `INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, endsAt = excluded.endsAt
       WHERE holder = excluded.holder OR endsAt <= ?`,
    );
    this.#giveUp = this.#db.prepare('DELETE FROM leases WHERE name = ? AND holder = ?');
  }

  async position(name: string): Promise<bigint | undefined> {
    const text = this.#using(() => this.#select.get(name));
    return text === undefined ? undefined : BigInt(text);
  }

  async advance(name: string, { from, to }: Move): Promise<boolean> {
    const { changes } = this.#using(() =>
      from === undefined
        ? this.#insert.run(name, String(to))
        : this.#update.run(String(to), name, String(from)),
    );
    return changes === 1;
  }

  async take(lease: string, holder: string, forMs: number): Promise<boolean> {
    const now = Date.now();
    return this.#using(() => this.#take.run(lease, holder, now + forMs, now)).changes === 1;
  }

  async giveUp(lease: string, holder: string): Promise<void> {
    this.#using(() => this.#giveUp.run(lease, holder));
  }

  async check(): Promise<void> {
    this.#using(() => this.#select.get(''));
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #using<T>(work: () => T): T {
    if (!this.#db.open) throw new CheckpointsError('checkpoints-closed', 'the checkpoints are closed');
    try {
      return work();
    } catch (failure) {
      throw toCheckpointsError(failure, this.#file);
    }
  }
}
