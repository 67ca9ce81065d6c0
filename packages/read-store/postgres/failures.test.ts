import { describe, expect, test } from 'vitest';
import { EventList } from '../contract/event-list.ts';
import { type HouseholdEvent, households } from '../contract/households.ts';
import { letters } from '../contract/letters.ts';
import { projectAll, RunningProjector, until } from '../contract/projecting.ts';
import { changesOf, commit, tableModel } from '../contract/table-model.ts';
import { defineTable, type Generation, type ReadStoreError } from '../index.ts';
import { TestDatabase } from './testing/database.ts';

const model = households() as never;
const PATIENCE_MS = 60_000;
const LIMITS = { maxBatchEvents: 10, maxStepEvents: 20, pauseMs: 1, firstRetryMs: 1, maxRetryMs: 50 };

const secrets = defineTable<{ name: string; count: number }>({
  name: 'secrets',
  columns: { name: 'text', count: 'integer' },
  key: ['name'],
  appendOnly: true,
});

await TestDatabase.declare('failures of PostgreSQL', (database) => {
  const cleanDigest = async (events: number) => {
    let digest: ReadonlyMap<string, string> = new Map();
    await database.using(async (open) => {
      const generation = await open().openLive(model);
      digest = await (
        await projectAll({ readModel: households(), generation, source: new EventList(letters(events)) })
      ).digest();
    });
    return digest;
  };

  /** Folds letters while `disturb` is done between them, over and over; then every letter must be in, once. */
  const foldThrough = (disturb: (generation: Generation, schema: string) => Promise<void>) =>
    database.using(async (open, { schema }) => {
      const source = new EventList<HouseholdEvent>();
      const failures: ReadStoreError[] = [];
      const generation = await open().openLive(model);
      const onFailure = (failure: unknown) => failures.push(failure as ReadStoreError);
      const running = new RunningProjector({
        readModel: households(),
        generation,
        source,
        limits: LIMITS,
        onFailure,
      });
      const events = letters(800);
      // The look of this test may be what is cut off.
      const checkpoint = () => generation.checkpoint().catch(() => -1n);
      for (let from = 0; from < events.length; from += 200) {
        source.append(...events.slice(from, from + 100));
        await until(async () => (await checkpoint()) > BigInt(from), 'the projector is at work');
        await disturb(generation, schema);
        source.append(...events.slice(from + 100, from + 200));
      }
      await until(async () => (await checkpoint()) === 800n, 'the log is folded');
      await running.end();
      for (const failure of failures) {
        expect(failure).toMatchObject({ name: 'ReadStoreError', isRetryable: true });
        expect(['read-store-unavailable', 'read-store-busy']).toContain(failure.code);
      }
      expect(await generation.digest()).toEqual(await cleanDigest(800));
    });

  describe('a projector', () => {
    const { server } = database.postgres;
    test.skipIf(server === undefined)(
      'goes on after the server was stopped or has crashed, and comes to the rows of a clean fold',
      async () => {
        let turn = 0;
        await foldThrough(async () => {
          await server?.stop(turn++ % 2 === 0 ? 'fast' : 'crash');
          await server?.start();
        });
      },
      PATIENCE_MS,
    );

    test(
      'goes on when its connections are ended under it',
      () =>
        foldThrough(async (_, schema) => {
          expect(await database.terminate(schema)).toBeGreaterThan(0);
        }),
      PATIENCE_MS,
    );

    test('waits out a database that may only be read for a while', () =>
      database.using(async (open, { schema }) => {
        const { pathname, username } = new URL(database.postgres.url);
        const alter = `ALTER ROLE "${username}" IN DATABASE "${pathname.slice(1)}"`;
        const generation = await open().openLive(model);
        await database.sql(`${alter} SET default_transaction_read_only = on`);
        try {
          await database.terminate(schema);
          await expect(commit(generation, [], 1n)).rejects.toMatchObject({ code: 'read-store-unavailable' });
          await until(async () => (await generation.checkpoint().catch(() => 1n)) === 0n, 'it can be read');
          await expect(commit(generation, [], 1n)).rejects.toMatchObject({
            code: 'read-store-unavailable',
            isRetryable: true,
            message: expect.stringContaining('standby'),
          });
        } finally {
          await database.sql(`${alter} RESET default_transaction_read_only`);
        }
        await until(
          async () => (await commit(generation, [], 1n).catch(() => '')) === 'committed',
          'it is over',
        );
      }));
  });

  test('reads, and who waits for a position, go on after connections were ended', () =>
    database.using(async (open, { schema }) => {
      const store = open();
      const generation = await store.openLive(model);
      await generation.finishLoading();
      await commit(generation, [], 1n);
      const reader = await store.openReader(model);
      const ending = new AbortController();
      const moves: bigint[] = [];
      const listening = (async () => {
        for await (const position of reader.moves({ after: 0n, signal: ending.signal })) moves.push(position);
      })();
      for (let position = 2n; position < 6n; position++) {
        await until(() => moves.at(-1) === position - 1n, 'the move is heard of');
        await Promise.all(
          Array.from({ length: 5 }, () => reader.read((rows) => rows.all('SELECT 1 AS one'))),
        );
        await database.terminate(schema);
        expect(await reader.read((snapshot) => snapshot.position)).toBe(position - 1n);
        await until(
          async () => (await commit(generation, [], position).catch(() => '')) === 'committed',
          'a commit',
        );
        await reader.reached(position, { signal: AbortSignal.timeout(PATIENCE_MS) });
      }
      ending.abort();
      await listening;
    }));

  test('looks that are under way while all connections are ended are answered, and so are the reads after them', () =>
    database.using(async (open, { schema }) => {
      const store = open();
      const generation = await store.openLive(model);
      await generation.finishLoading();
      await commit(generation, [], 1n);
      const reader = await store.openReader(model);
      const look = () => reader.position();
      for (let round = 0; round < 20; round++) {
        await Promise.all([look(), look(), reader.read(() => {})]);
        const looks = Promise.all(Array.from({ length: 10 }, look));
        const [positions, ended] = await Promise.all([looks, database.terminate(schema)]);
        expect(ended).toBeGreaterThan(0);
        expect(new Set(positions)).toEqual(new Set([1n]));
        expect(await reader.read((snapshot) => snapshot.position)).toBe(1n);
      }
    }));

  test('one who holds the checkpoint is not waited for without end', () =>
    database.using(async (open, { schema }) => {
      const generation = await open({ limits: { lockMs: 50 } }).openLive(model);
      await database.during(`SELECT 1 FROM "${schema}_households_1".checkpoint FOR UPDATE`, () =>
        expect(commit(generation, [], 1n)).rejects.toMatchObject({
          code: 'read-store-busy',
          isRetryable: true,
        }),
      );
      expect(await commit(generation, [], 1n)).toBe('committed');
    }));

  describe('what is told', () => {
    test('of a row that is refused names its table and never its values', () =>
      database.using(async (open) => {
        const generation = await open().openLive(tableModel(secrets as never) as never);
        const put = (count: number) =>
          commit(generation, [changesOf(secrets, [{ name: 'tel:13800138000', count }])]);
        await put(1);
        const refused = (await put(2).catch((failure) => failure)) as ReadStoreError;
        expect(refused).toMatchObject({ code: 'row-refused' });
        expect(refused.message).toContain('secrets');
        const told = JSON.stringify([refused.message, refused.stack, refused.cause, { ...refused }]);
        expect(told).not.toContain('138');
      }));

    test('of a query names no value either', () =>
      database.using(async (open) => {
        const store = open();
        await (await store.openLive(model)).finishLoading();
        const reader = await store.openReader(model);
        const query = (sql: string) => reader.read((rows) => rows.all(sql, ['tel:13800138000']));
        const refused = (await query('SELECT 1 AS one FROM entries WHERE position = ?').catch(
          (failure) => failure,
        )) as Error;
        expect(refused).toBeInstanceOf(Error);
        expect(JSON.stringify([refused.message, refused.stack, { ...refused }])).not.toContain('138');
      }));

    test.each<[string, (url: URL) => void, string]>([
      [
        'a server that is away',
        (url) => {
          url.port = '1';
        },
        'cannot be reached (ECONNREFUSED)',
      ],
      [
        'a host that does not exist',
        (url) => {
          url.hostname = 'nowhere.invalid';
        },
        'cannot be reached',
      ],
      [
        'a database that does not exist',
        (url) => {
          url.pathname = '/nothing';
        },
        'create the database',
      ],
    ])('%s says what to do, and no password', (_, wrong, said) =>
      database.using(async (open) => {
        const url = new URL(database.postgres.url);
        url.password = 'very-secret';
        wrong(url);
        const failure = (await open({ url: url.href })
          .openLive(model)
          .catch((one) => one)) as ReadStoreError;
        expect(failure).toMatchObject({ code: 'read-store-unavailable', isRetryable: true });
        expect(failure.message).toContain(said);
        expect(failure.message).toContain(url.host);
        expect(failure.message).not.toContain('very-secret');
      }),
    );
  });
});
