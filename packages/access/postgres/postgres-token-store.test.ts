import { DatabaseError } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPostgres } from '../../../test/support/on-postgres.ts';
import { NOW, tokenStoreContract, wanted } from '../contract/index.ts';
import { digestOf } from '../token.ts';
import { openPostgresTokenStore } from './index.ts';
import { tokenStoreErrorOf } from './postgres-failure.ts';
import { TokenDatabase } from './testing/token-databases.ts';
import { TokenConnections } from './token-connections.ts';
import { TokenPlace } from './token-place.ts';

/** Who comes second to an empty database meets a race that is lost rarely. */
const STARTS = 10;

await onPostgres('tokens on PostgreSQL', (postgres) => {
  tokenStoreContract('PostgreSQL', async () => {
    const database = new TokenDatabase(postgres);
    return { open: async () => database.open(), dispose: () => database.dispose() };
  });

  describe('PostgreSQL token store', { timeout: 60_000 }, () => {
    let database: TokenDatabase;
    beforeEach(() => {
      database = new TokenDatabase(postgres);
    });
    afterEach(() => database.dispose());

    it('gives everybody who starts at once on an empty database the same tables', async () => {
      for (let time = 0; time < STARTS; time++) {
        const empty = new TokenDatabase(postgres);
        const stores = Array.from({ length: 8 }, () => empty.open());
        const made = await Promise.all(stores.map((store) => store.create(wanted('a'))));
        const known = (await empty.open().read())?.tokens.map(({ digest }) => digest);
        expect(known?.sort()).toEqual(made.map(({ token }) => digestOf(token)).sort());
        await empty.dispose();
      }
    });

    it('does not notice that its idle connections were ended', async () => {
      const store = database.open();
      const { record } = await store.create(wanted('a'));
      for (const work of [
        () => store.read(),
        () => store.create(wanted('b')),
        () => store.revoke(record.id, { at: NOW, by: 'admin' }),
      ]) {
        expect(await database.terminate()).toBeGreaterThan(0);
        await work();
      }
      expect((await store.read())?.tokens).toHaveLength(1);
    });

    it.skipIf(postgres.server === undefined)(
      'fails in a way that may be tried again while the server is away, and goes on with the same tokens when it is back',
      async () => {
        const store = database.open();
        const { record } = await store.create(wanted('a'));
        for (const how of ['fast', 'crash'] as const) {
          await postgres.server?.stop(how);
          const away = { code: 'token-store-unavailable', isRetryable: true };
          await expect(store.read()).rejects.toMatchObject(away);
          await expect(store.create(wanted('b'))).rejects.toMatchObject(away);
          await expect(store.check()).rejects.toMatchObject(away);
          await postgres.server?.start();
          expect(await store.list({ limit: 10 })).toEqual([record]);
        }
      },
    );

    it.each([
      ['off', 'on'],
      ['remote_apply', 'remote_apply'],
    ])('commits durably also where the server is set to synchronous_commit=%s', async (set, expected) => {
      const url = new URL(database.url);
      url.searchParams.set('options', `-c synchronous_commit=${set}`);
      const connections = new TokenConnections(new TokenPlace(url.href));
      const { rows } = await connections.repeat((client) => client.query('SHOW synchronous_commit'));
      await connections.close();
      expect(rows).toEqual([{ synchronous_commit: expected }]);
    });

    it('refuses tables of a later format', async () => {
      await database.open().check();
      await database.sql('UPDATE format SET version = 9');
      await expect(database.open().check()).rejects.toMatchObject({ code: 'token-store-newer' });
    });

    it('keeps two installations in one database apart', async () => {
      const other = new TokenDatabase(postgres);
      await database.open().create(wanted('a'));
      expect(await other.open().list({ limit: 10 })).toEqual([]);
      await other.dispose();
    });
  });
});

describe('an address of tokens on PostgreSQL', () => {
  it.each(['no address', 'postgres://host/db?schema=No%22;DROP'])('that is %s is refused', (url) => {
    expect(() => openPostgresTokenStore({ url })).toThrow(
      expect.objectContaining({ code: 'token-store-invalid-address' }),
    );
  });

  it('is told without user and password when nobody answers there', async () => {
    const store = openPostgresTokenStore({ url: 'postgres://somebody:hidden@127.0.0.1:1/tokens' });
    await expect(store.check()).rejects.toMatchObject({
      code: 'token-store-unavailable',
      message: expect.stringMatching(/^(?!.*(somebody|hidden)).*127\.0\.0\.1:1\/tokens.*ECONNREFUSED/),
    });
    await store.close();
  });
});

describe('a failure of PostgreSQL becomes a TokenStoreError', () => {
  it.each([
    ['53100', 'token-store-full', true],
    ['40P01', 'token-store-busy', true],
    ['57P01', 'token-store-unavailable', true],
    ['25006', 'token-store-unavailable', true],
    ['42501', 'token-store-read-only', false],
    ['42P01', 'token-store-corrupt', false],
    ['ZZ000', 'token-store-unavailable', true],
  ])('%s as %s, and passes on neither a value nor a row', (state, code, isRetryable) => {
    const failure = Object.assign(new DatabaseError('a value: 42', 0, 'error'), {
      code: state,
      detail: '42',
    });
    const error = tokenStoreErrorOf(failure, 'here');
    expect(error).toMatchObject({ code, isRetryable });
    expect(error.message).not.toMatch(/a value/);
    expect(error.cause).toBeUndefined();
  });
});
