import { chmod, rename, stat, truncate, writeFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyRingContract } from '../contract/index.ts';
import { connect } from './key-database.ts';
import { KeyFolder, MASTER_KEY } from './testing/key-folder.ts';

keyRingContract('SQLite', async () => {
  const folder = await KeyFolder.create();
  return {
    open: ({ wrongMasterKey = false } = {}) =>
      folder.open({ masterKey: wrongMasterKey ? Buffer.alloc(32, 8) : MASTER_KEY }),
    dispose: () => folder.dispose(),
  };
});

describe('SQLite key ring', { timeout: 30_000 }, () => {
  let folder: KeyFolder;

  beforeEach(async () => {
    folder = await KeyFolder.create();
  });

  afterEach(() => folder.dispose());

  it('runs every connection in WAL mode at synchronous=FULL with secure_delete on', async () => {
    await folder.open();
    for (const pass of ['first', 'reopened']) {
      const database = connect(folder.file);
      const settings = ['journal_mode', 'synchronous', 'secure_delete'].map((name) =>
        database.pragma(name, { simple: true }),
      );
      database.close();
      expect([pass, ...settings]).toEqual([pass, 'wal', 2, 1]);
    }
  });

  it('keeps its file from other users', async () => {
    await folder.open();
    expect((await stat(folder.file)).mode & 0o077).toBe(0);
  });

  it('holds no secret in the clear', async () => {
    const ring = await folder.open();
    const keys = await ring.ensure(['a', 'b', 'c']);
    const bytes = await folder.bytes();
    for (const { secret } of keys.values()) expect(bytes.includes(secret)).toBe(false);
    expect(bytes.includes(ring.pepper)).toBe(false);
    expect(bytes.includes(MASTER_KEY)).toBe(false);
  });

  it('leaves no byte of a wrapped key in any file after a shred', async () => {
    const ring = await folder.open();
    const subjects = Array.from({ length: 400 }, (_, index) => `subject-${(index * 7919) % 400}`);
    for (let from = 0; from < subjects.length; from += 40) await ring.ensure(subjects.slice(from, from + 40));
    const wrapped = wrappedKeys(folder.file);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...subjects), async (subject) => {
        await ring.shred(subject);
        const bytes = await folder.bytes();
        expect(bytes.includes(wrapped.get(subject) ?? '')).toBe(false);
      }),
      { numRuns: 30 },
    );
    const survivor = [...wrappedKeys(folder.file).values()][0];
    expect((await folder.bytes()).includes(survivor ?? '')).toBe(true);
  });

  it('removes what a process that died while shredding left in the write-ahead log', async () => {
    const ring = await folder.open();
    await ring.ensure(['a']);
    const wrapped = wrappedKeys(folder.file).get('a') ?? '';
    const dying = new Database(folder.file);
    dying.exec("UPDATE keys SET shredded = 1, wrapped = zeroblob(72) WHERE subject = 'a'");
    expect((await folder.bytes()).includes(wrapped)).toBe(true);
    await folder.open();
    expect((await folder.bytes()).includes(wrapped)).toBe(false);
    dying.close();
  });

  it('answers shred-incomplete while a reader holds the old bytes, and finishes when asked again', async () => {
    const ring = await folder.open();
    const id = (await ring.ensure(['a'])).get('a')?.id ?? '';
    const reader = new Database(folder.file);
    reader.exec('BEGIN; SELECT count(*) FROM keys');
    reader.prepare('SELECT count(*) FROM keys').get();
    await expect(ring.shred('a')).rejects.toMatchObject({ code: 'shred-incomplete', isRetryable: true });
    expect(await ring.find([id])).toEqual(new Map());
    reader.exec('COMMIT');
    reader.close();
    expect(await ring.shred('a')).toBe(0);
  });

  it('works on with keys that no longer fit into its memory', async () => {
    const ring = await folder.open({ maxCachedKeys: 10 });
    const subjects = Array.from({ length: 100 }, (_, index) => `subject-${index}`);
    const keys = await ring.ensure(subjects);
    for (const [subject, key] of keys) {
      expect((await ring.ensure([subject])).get(subject)).toEqual(key);
      expect((await ring.find([key.id])).get(key.id)).toEqual(key);
    }
  });

  it('names the damaged key as key-corrupt and still finds the others', async () => {
    const ring = await folder.open({ maxCachedKeys: 2 });
    const keys = await ring.ensure(['a', 'b', 'c', 'd', 'e']);
    const [a, b] = [keys.get('a')?.id ?? '', keys.get('b')?.id ?? ''];
    const vandal = new Database(folder.file);
    vandal.exec("UPDATE keys SET wrapped = randomblob(72) WHERE subject = 'a'");
    vandal.close();
    await expect(ring.find([a, b])).rejects.toMatchObject({ code: 'key-corrupt', keyids: [a] });
    expect((await ring.find([b])).size).toBe(1);
  });

  it('does not open a wrapped key that was moved to another data subject', async () => {
    const ring = await folder.open({ maxCachedKeys: 2 });
    const keys = await ring.ensure(['a', 'b', 'c', 'd', 'e']);
    const vandal = new Database(folder.file);
    vandal.exec(
      "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE subject = 'b') WHERE subject = 'a'",
    );
    vandal.close();
    await expect(ring.find([keys.get('a')?.id ?? ''])).rejects.toMatchObject({ code: 'key-corrupt' });
  });

  it('refuses a file that is no key file as vault-corrupt', async () => {
    await writeFile(folder.file, 'this is a letter to a friend, and no database at all'.repeat(200));
    await expect(folder.open()).rejects.toMatchObject({ code: 'vault-corrupt', isRetryable: false });
  });

  it('refuses a file of a later format as vault-newer', async () => {
    await (await folder.open()).close();
    const later = new Database(folder.file);
    later.pragma('user_version = 9');
    later.close();
    await expect(folder.open()).rejects.toMatchObject({ code: 'vault-newer' });
  });

  it('refuses to create the file when told that it must be there', async () => {
    await expect(folder.open({ create: false })).rejects.toMatchObject({ code: 'vault-missing' });
    await (await folder.open()).close();
    await expect(folder.open({ create: false })).resolves.toBeDefined();
  });

  it('fills a file that was left empty by a crash at the first start', async () => {
    await writeFile(folder.file, '');
    await truncate(folder.file, 0);
    await chmod(folder.file, 0o600);
    const ring = await folder.open();
    expect((await ring.ensure(['a'])).size).toBe(1);
  });

  it('rejects instead of waiting for ever when its writer cannot start, and starts it again at the next call', async () => {
    const ring = await folder.open();
    const aside = `${folder.file}.aside`;
    await rename(folder.file, aside);
    await expect(ring.ensure(['a'])).rejects.toMatchObject({ code: 'vault-read-only' });
    await rename(aside, folder.file);
    expect((await ring.ensure(['a'])).size).toBe(1);
  });

  it('refuses a master key of another length', async () => {
    await expect(folder.open({ masterKey: Buffer.alloc(31) })).rejects.toMatchObject({
      code: 'vault-invalid-argument',
    });
  });

  it('lets calls that were under way when it was closed end with an answer', async () => {
    const ring = await folder.open();
    const calls = [ring.ensure(['a']), ring.ensure(['b']), ring.ensure(['c'])];
    const closed = ring.close();
    const outcomes = await Promise.allSettled(calls);
    await closed;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'vault-closed' });
    }
    expect(outcomes).toHaveLength(3);
  });
});

function wrappedKeys(file: string): Map<string, Buffer> {
  const database = new Database(file, { readonly: true });
  const rows = database.prepare('SELECT subject, wrapped FROM keys WHERE shredded = 0').raw().all();
  database.close();
  return new Map(rows as [string, Buffer][]);
}
