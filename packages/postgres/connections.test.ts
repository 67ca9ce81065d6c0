import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPostgres } from '../../test/support/on-postgres.ts';
import { OwnStores, type PostgresForTests } from '../../test/support/postgres.ts';
import { Connections, type ConnectionsOptions, hasTable, makeTables, sessionSettings } from './index.ts';

class Failure extends Error {
  readonly endsConnection: boolean;

  constructor(cause: unknown) {
    super(String(cause), { cause });
    this.endsConnection = !(cause instanceof DatabaseError) || cause.code === '57P01';
  }
}

const errors: ConnectionsOptions['errors'] = {
  of: (cause) => (cause instanceof Failure ? cause : new Failure(cause)),
  endsConnection: (failure) => failure instanceof Failure && failure.endsConnection,
  closed: () => new Error('closed'),
  overloaded: () => new Error('overloaded'),
  standby: () => new Error('standby'),
};

/** Of one installation, with a table of notes. */
class NoteDatabase extends OwnStores<Connections> {
  constructor(postgres: PostgresForTests) {
    super(postgres, 'notes');
  }

  open(limits: Partial<ConnectionsOptions> = {}): Connections {
    const settings = sessionSettings(this.schema, {
      statementMs: 5_000,
      lockMs: 5_000,
      idleTransactionMs: 5_000,
    });
    const options = { maxConnections: 2, maxWaitingCalls: 10, connectMs: 5_000, queryMs: 10_000, ...limits };
    return this.opened(new Connections({ url: this.url, settings, errors, ...options }));
  }

  make(connections: Connections): Promise<void> {
    const place = { schema: this.schema, table: 'notes' };
    return connections.transaction((client) =>
      makeTables(client, place, async () => {
        await client.query('CREATE TABLE notes (note text)');
        await client.query("INSERT INTO notes VALUES ('made')");
      }),
    );
  }

  async notes(): Promise<string[]> {
    return (await this.sql<{ note: string }>('SELECT note FROM notes ORDER BY note')).map(({ note }) => note);
  }
}

await onPostgres('connections to PostgreSQL', (postgres) => {
  describe('connections', { timeout: 60_000 }, () => {
    let database: NoteDatabase;
    let connections: Connections;
    beforeEach(async () => {
      database = new NoteDatabase(postgres);
      connections = database.open();
      await database.make(connections);
    });
    afterEach(() => database.dispose());

    it('make tables once, whoever else starts on the empty database', async () => {
      const empty = new NoteDatabase(postgres);
      await Promise.all(Array.from({ length: 6 }, () => empty.make(empty.open())));
      expect(await empty.notes()).toEqual(['made']);
      const isThere = (table: string) =>
        empty.open().repeat((client) => hasTable(client, empty.schema, table));
      expect([await isThere('notes'), await isThere('others')]).toEqual([true, false]);
      await empty.dispose();
    });

    it('do harmless work again when the server has ended them, and other work not', async () => {
      const look = () => connections.repeat((client) => client.query('SELECT 1'));
      await Promise.all([look(), look()]);
      expect(await database.terminate()).toBe(2);
      expect((await look()).rowCount).toBe(1);
      const ending = connections.once((client) =>
        client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
      );
      await expect(ending).rejects.toMatchObject({ endsConnection: true });
      expect((await look()).rowCount).toBe(1);
    });

    it('take a transaction back that fails, and say why', async () => {
      const failing = connections.transaction(async (client) => {
        await client.query("INSERT INTO notes VALUES ('half')");
        await client.query('SELECT nothing');
      });
      await expect(failing).rejects.toMatchObject({ cause: { code: '42703' } });
      expect(await database.notes()).toEqual(['made']);
    });

    it('write once what a transaction writes whose connection ended on the way', async () => {
      let times = 0;
      await connections.transaction(async (client) => {
        await client.query("INSERT INTO notes VALUES ('whole')");
        if (++times === 1) await database.terminate();
        await client.query('SELECT 1');
      });
      expect(times).toBe(2);
      expect(await database.notes()).toEqual(['made', 'whole']);
    });

    it('let only so many calls wait', async () => {
      const few = database.open({ maxConnections: 1, maxWaitingCalls: 1 });
      const released = Promise.withResolvers<void>();
      const held = few.repeat(() => released.promise);
      await delay(50);
      const waiting = few.repeat((client) => client.query('SELECT 1'));
      await expect(few.repeat((client) => client.query('SELECT 1'))).rejects.toThrow('overloaded');
      released.resolve();
      await held;
      expect((await waiting).rowCount).toBe(1);
    });

    it('are closed after what is under way, and refuse everything then', async () => {
      const slow = connections.repeat((client) => client.query('SELECT pg_sleep(0.2)'));
      await delay(50);
      await connections.close();
      expect((await slow).rowCount).toBe(1);
      await expect(connections.repeat(async () => 1)).rejects.toThrow('closed');
      await connections.close();
    });

    it('run with the settings of the session, whatever the server was set to', async () => {
      const show = async (name: string) => {
        const { rows } = await connections.repeat((client) =>
          client.query(`SELECT current_setting('${name}') AS is`),
        );
        return rows[0].is;
      };
      expect(await show('search_path')).toBe(database.schema);
      expect(await show('application_name')).toBe(database.schema);
      expect(await show('lock_timeout')).toBe('5s');
      expect(await show('synchronous_commit')).not.toBe('off');
    });
  });
});
