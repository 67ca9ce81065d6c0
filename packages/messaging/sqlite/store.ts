import type Database from 'better-sqlite3';
import { openFile } from './connection.ts';
import type { Order } from './store-messages.ts';

/** The tables and their statements. */
export class Store {
  readonly #db: Database.Database;
  readonly #select: Database.Statement<[string], string>;
  readonly #insert: Database.Statement<[string, string]>;
  readonly #update: Database.Statement<[string, string, string]>;
  readonly #take: Database.Statement<[string, string, number, number]>;
  readonly #giveUp: Database.Statement<[string, string]>;

  constructor(file: string) {
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

  carryOut(order: Exclude<Order, { task: 'close' }>): string | boolean | undefined {
    switch (order.task) {
      case 'position':
        return this.#select.get(order.name);
      case 'advance':
        return this.#advance(order.name, order.from, order.to);
      case 'take': {
        const now = Date.now();
        return this.#take.run(order.lease, order.holder, now + order.forMs, now).changes === 1;
      }
      case 'giveUp':
        this.#giveUp.run(order.lease, order.holder);
        return undefined;
    }
  }

  close(): void {
    this.#db.close();
  }

  #advance(name: string, from: string | undefined, to: string): boolean {
    const { changes } = from === undefined ? this.#insert.run(name, to) : this.#update.run(to, name, from);
    return changes === 1;
  }
}
