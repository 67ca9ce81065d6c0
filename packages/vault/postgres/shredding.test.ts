import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPostgres } from '../../../test/support/on-postgres.ts';
import type { KeyRing } from '../key-ring.ts';
import { SHELVES, shelfOf, shelfTable } from './shelves.ts';
import { KeyDatabase, MASTER_KEY } from './testing/key-databases.ts';

await onPostgres('shredding on PostgreSQL', async (postgres) => {
  const isOpen = await new KeyDatabase(postgres).isOpen();
  describe('shredding on PostgreSQL', { timeout: 60_000 }, () => {
    let database: KeyDatabase;
    beforeEach(() => {
      database = new KeyDatabase(postgres);
    });
    afterEach(() => database.dispose());

    const itLooksIntoFiles = it.skipIf(!isOpen);
    const wrappedKeys = async (): Promise<Map<string, string>> => {
      const rows = await database.sql<{ subject: string; wrapped: string }>(
        "SELECT subject, encode(wrapped, 'hex') AS wrapped FROM keys",
      );
      return new Map(rows.map(({ subject, wrapped }) => [subject, wrapped]));
    };

    itLooksIntoFiles('keeps no secret in the clear (as a superuser)', async () => {
      const ring = await database.open();
      const keys = await ring.ensure(['a', 'b', 'c']);
      const files = await database.files();
      expect(files).toContain((await wrappedKeys()).get('a'));
      for (const secret of [...keys.values()].map((key) => key.secret).concat(ring.pepper, MASTER_KEY))
        expect(files).not.toContain(secret.toString('hex'));
    });

    itLooksIntoFiles(
      'leaves no byte of a wrapped key in any file of the database, also after it was analysed (as a superuser)',
      async () => {
        const ring = await database.open();
        const subjects = Array.from({ length: 2_000 }, (_, index) => `subject-${index}`);
        await ring.ensure(subjects);
        const wrapped = await wrappedKeys();
        await database.sql('ANALYZE keys');
        const gone = subjects.slice(0, 20);
        for (const subject of gone) expect(await ring.shred(subject)).toBe(1);
        const files = await database.files();
        for (const subject of gone) expect(files).not.toContain(wrapped.get(subject));
        expect(files).toContain(wrapped.get('subject-20'));
        expect((await ring.ensure(subjects.slice(20))).size).toBe(1_980);
      },
    );

    it('answers shred-incomplete while an older transaction may see the key, and finishes when asked again', async () => {
      const ring = await database.open();
      const other = await database.open();
      const id = (await ring.ensure(['a'])).get('a')?.id ?? '';
      const wrapped = (await wrappedKeys()).get('a');
      await database.sql('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM format', async () => {
        await expect(ring.shred('a')).rejects.toMatchObject({ code: 'shred-incomplete', isRetryable: true });
        expect(await other.find([id])).toEqual(new Map());
        if (isOpen) expect(await database.files()).toContain(wrapped);
      });
      expect(await ring.shred('a')).toBe(0);
      if (isOpen) expect(await database.files()).not.toContain(wrapped);
    });

    it('answers shred-incomplete within seconds while a backup reads the keys, which others go on using', async () => {
      const ring = await database.open();
      const id = (await ring.ensure(['a'])).get('a')?.id ?? '';
      const shelf = shelfTable(shelfOf('a'));
      await database.sql(`BEGIN; LOCK TABLE ${shelf} IN ACCESS SHARE MODE`, async () => {
        const [shredding, used] = await Promise.allSettled([ring.shred('a'), ring.ensure(['b'])]);
        expect(shredding).toMatchObject({ reason: { code: 'shred-incomplete' } });
        expect(used.status).toBe('fulfilled');
        expect(await ring.find([id])).toEqual(new Map());
      });
      expect(await ring.shred('a')).toBe(0);
    });

    it('is never answered again by other processes, whatever they were doing meanwhile', async () => {
      const ring = await database.open();
      const others = await Promise.all(Array.from({ length: 3 }, () => database.open()));
      const subjects = Array.from({ length: 40 }, (_, index) => `subject-${index}`);
      const ids = new Map([...(await ring.ensure(subjects))].map(([subject, { id }]) => [subject, id]));
      const shredded = new Set<string>();
      let isOver = false;
      const readOn = async (other: KeyRing): Promise<number> => {
        let looks = 0;
        for (; !isOver; looks++) {
          const before = [...shredded];
          const found = await other.find([...ids.values()]);
          for (const id of before) expect(found.has(id)).toBe(false);
        }
        return looks;
      };
      const shredAll = async (): Promise<number> => {
        for (const subject of subjects) {
          await ring.shred(subject);
          shredded.add(ids.get(subject) ?? '');
        }
        return shredded.size;
      };
      const looking = Promise.all(others.map(readOn));
      const count = await shredAll().finally(() => {
        isOver = true;
      });
      expect(count).toBe(40);
      expect(Math.min(...(await looking))).toBeGreaterThan(0);
    });

    it('gives each data subject the shelf it has always had', () => {
      // Were these to change, no key written so far would be found.
      expect(SHELVES).toBe(32);
      expect(['', 'a', '5f0c0000000000000000abcd', '王'].map(shelfOf)).toEqual([3, 10, 18, 19]);
    });
  });
});
