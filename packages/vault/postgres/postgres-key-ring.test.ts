import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPostgres } from '../../../test/support/on-postgres.ts';
import { keyRingContract } from '../contract/index.ts';
import { KeyConnections } from './key-connections.ts';
import { KeyPlace } from './key-place.ts';
import { KeyDatabase, MASTER_KEY } from './testing/key-databases.ts';

const PATIENCE_MS = 60_000;
/** Who comes second to an empty database meets a race that is lost rarely. */
const STARTS = 10;

await onPostgres('key ring on PostgreSQL', (postgres) => {
  keyRingContract('PostgreSQL', async () => {
    const database = new KeyDatabase(postgres);
    return {
      open: ({ wrongMasterKey = false } = {}) =>
        database.open({ masterKey: wrongMasterKey ? Buffer.alloc(32, 8) : MASTER_KEY }),
      dispose: () => database.dispose(),
    };
  });

  describe('PostgreSQL key ring', { timeout: PATIENCE_MS }, () => {
    let database: KeyDatabase;
    beforeEach(() => {
      database = new KeyDatabase(postgres);
    });
    afterEach(() => database.dispose());

    it('gives everybody who starts at once on an empty database the same pepper and the same keys', async () => {
      for (let time = 0; time < STARTS; time++) {
        const empty = new KeyDatabase(postgres);
        const rings = await Promise.all(Array.from({ length: 8 }, () => empty.open()));
        expect(new Set(rings.map(({ pepper }) => pepper.toString('hex'))).size).toBe(1);
        const answers = await Promise.all(rings.map((ring) => ring.ensure(['a', 'b', 'c'])));
        for (const keys of answers) expect(keys).toEqual(answers[0]);
        await empty.dispose();
      }
    });

    it('refuses to make keys when told that there must be some, and leaves the database as it was', async () => {
      await expect(database.open({ create: false })).rejects.toMatchObject({
        code: 'vault-missing',
        message: expect.stringContaining('TOUCHLINE_KEY_STORE'),
      });
      expect(await database.sql(`SELECT 1 FROM pg_namespace WHERE nspname = '${database.schema}'`)).toEqual(
        [],
      );
      await database.open();
      await expect(database.open({ create: false })).resolves.toBeDefined();
    });

    it('refuses keys of a later format as vault-newer', async () => {
      await database.open();
      await database.sql('UPDATE format SET version = 9');
      await expect(database.open()).rejects.toMatchObject({ code: 'vault-newer' });
    });

    it('refuses a master key of another length, and an address that is none', async () => {
      const refused = { code: 'vault-invalid-argument' };
      await expect(database.open({ masterKey: Buffer.alloc(31) })).rejects.toMatchObject(refused);
      await expect(database.open({ url: 'no address' })).rejects.toMatchObject(refused);
      const elsewhere = `${postgres.url}?schema=No%22;DROP`;
      await expect(database.open({ url: elsewhere })).rejects.toMatchObject(refused);
    });

    it.each([
      ['off', 'on'],
      ['remote_apply', 'remote_apply'],
    ])('commits durably also where the server is set to synchronous_commit=%s', async (set, expected) => {
      const url = new URL(database.url);
      url.searchParams.set('options', `-c synchronous_commit=${set}`);
      const connections = new KeyConnections(new KeyPlace(url.href));
      const { rows } = await connections.once((client) => client.query('SHOW synchronous_commit'));
      await connections.close();
      expect(rows).toEqual([{ synchronous_commit: expected }]);
    });

    it('works on with keys that no longer fit into its memory', async () => {
      const ring = await database.open({ maxCachedKeys: 10 });
      const subjects = Array.from({ length: 100 }, (_, index) => `subject-${index}`);
      for (const [subject, key] of await ring.ensure(subjects)) {
        expect((await ring.ensure([subject])).get(subject)).toEqual(key);
        expect((await ring.find([key.id])).get(key.id)).toEqual(key);
      }
    });

    it('makes ten thousand keys in one call, each for one data subject', async () => {
      const ring = await database.open();
      const subjects = Array.from({ length: 10_000 }, (_, index) => `subject-${index}`);
      const keys = [...(await ring.ensure(subjects)).values()];
      expect(keys.map(({ subject }) => subject).sort()).toEqual([...subjects].sort());
      expect(new Set(keys.map(({ id }) => id)).size).toBe(10_000);
      expect((await ring.find(keys.map(({ id }) => id))).size).toBe(10_000);
    });

    it('names the damaged key as key-corrupt and still finds the others', async () => {
      const keys = await (await database.open()).ensure(['a', 'b']);
      const [a, b] = [keys.get('a')?.id ?? '', keys.get('b')?.id ?? ''];
      await database.sql("UPDATE keys SET wrapped = decode(repeat('00', 72), 'hex') WHERE subject = 'a'");
      const ring = await database.open();
      await expect(ring.find([a, b])).rejects.toMatchObject({ code: 'key-corrupt', keyids: [a] });
      expect((await ring.find([b])).size).toBe(1);
    });

    it('does not open a wrapped key that was moved to another data subject', async () => {
      const keys = await (await database.open()).ensure(['a', 'b']);
      await database.sql(
        "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE subject = 'b') WHERE subject = 'a'",
      );
      const ring = await database.open();
      await expect(ring.find([keys.get('a')?.id ?? ''])).rejects.toMatchObject({ code: 'key-corrupt' });
    });

    it('keeps two installations in one database apart', async () => {
      const other = new KeyDatabase(postgres);
      try {
        const [here, there] = [await database.open(), await other.open()];
        expect(here.pepper).not.toEqual(there.pepper);
        const [one, another] = [await here.ensure(['a']), await there.ensure(['a'])];
        expect(one.get('a')?.secret).not.toEqual(another.get('a')?.secret);
      } finally {
        await other.dispose();
      }
    });

    it('lets calls that were under way when it was closed end with an answer', async () => {
      const ring = await database.open();
      const calls = Array.from({ length: 20 }, (_, index) => ring.ensure([`subject-${index}`]));
      const closed = ring.close();
      const outcomes = await Promise.allSettled(calls);
      await closed;
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'vault-closed' });
    });
  });
});
