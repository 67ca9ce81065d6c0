import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SmallDisk } from '../../../test/support/small-disk.ts';
import { NOW, tokenStoreContract, wanted } from '../contract/index.ts';
import { openTokenStore } from '../index.ts';
import { digestOf } from '../token.ts';
import type { TokenStore } from '../token-store.ts';
import { openSqliteTokenStore } from './index.ts';
import { openTokenFile } from './token-file.ts';

const makeFolder = () => mkdtemp(join(tmpdir(), 'touchline-tokens-'));

tokenStoreContract('SQLite', async () => {
  const folder = await makeFolder();
  const opened: TokenStore[] = [];
  return {
    async open() {
      const store = openSqliteTokenStore({ file: join(folder, 'tokens.sqlite') });
      opened.push(store);
      return store;
    },
    async dispose() {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('SQLite token store', () => {
  let folder: string;
  let file: string;
  let store: TokenStore;
  beforeEach(async () => {
    folder = await makeFolder();
    file = join(folder, 'data', 'tokens.sqlite');
    store = await openTokenStore({ tokenStore: 'sqlite:', dataFolder: join(folder, 'data') });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('makes neither file nor folder before the first token', async () => {
    await store.check();
    await store.list({ limit: 1 });
    await store.revoke('none', { at: NOW, by: 'admin' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps its folder and its files from other users', async () => {
    await store.create(wanted('a'));
    const files = await readdir(join(folder, 'data'));
    expect(files).toContain('tokens.sqlite');
    for (const path of [join(folder, 'data'), ...files.map((name) => join(folder, 'data', name))])
      expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  });

  it('holds no token in the clear', async () => {
    const { token } = await store.create(wanted('a'));
    const files = await readdir(join(folder, 'data'));
    const bytes = await Promise.all(files.map((name) => readFile(join(folder, 'data', name), 'latin1')));
    expect(bytes.join('')).toContain(digestOf(token));
    expect(bytes.join('')).not.toContain(token.slice(3));
  });

  it('is durable at every opening: a WAL file that is opened again is at FULL', async () => {
    await store.create(wanted('a'));
    for (const opening of ['first', 'again']) {
      const db = openTokenFile(file, { create: false });
      const settings = ['journal_mode', 'synchronous'].map((name) => db?.pragma(name, { simple: true }));
      expect([opening, ...settings]).toEqual([opening, 'wal', 2]);
      db?.close();
    }
  });

  it('lies in the folder that is named', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const other = await openTokenStore({ tokenStore: `sqlite:${elsewhere}`, dataFolder: folder });
    await other.create(wanted('a'));
    expect(await readdir(elsewhere)).toContain('tokens.sqlite');
    await other.close();
  });

  it('waits for another process that writes without standing in the way of others', async () => {
    await store.create(wanted('a'));
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.create(wanted('b'));
    expect(await store.list({ limit: 10 })).toHaveLength(1);
    other.exec('ROLLBACK');
    other.close();
    await waiting;
    expect(await store.list({ limit: 10 })).toHaveLength(2);
  });

  it('leaves a database of another program alone, and what is none', async () => {
    const other = new Database(join(folder, 'tokens.sqlite'));
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const theirs = openSqliteTokenStore({ file: join(folder, 'tokens.sqlite') });
    const foreign = { code: 'token-store-foreign-file', message: expect.stringContaining('move it away') };
    await expect(theirs.read()).rejects.toMatchObject(foreign);
    await writeFile(join(folder, 'text.sqlite'), 'x'.repeat(8_192));
    await expect(openSqliteTokenStore({ file: join(folder, 'text.sqlite') }).read()).rejects.toMatchObject(
      foreign,
    );
  });

  it('refuses a file of a later format', async () => {
    await store.create(wanted('a'));
    await store.close();
    const db = new Database(file);
    db.pragma('user_version = 9');
    db.close();
    await expect(openSqliteTokenStore({ file }).read()).rejects.toMatchObject({ code: 'token-store-newer' });
  });

  it('says what to do where it may not write', async (context) => {
    // Permissions do not bind root; a file system that is mounted for reading only does.
    const disk = process.getuid?.() === 0 ? SmallDisk.mount(1, context) : undefined;
    const place = disk?.path ?? folder;
    if (disk === undefined) await chmod(place, 0o500);
    else disk.makeReadOnly();
    const refused = openSqliteTokenStore({ file: join(place, 'tokens.sqlite') }).create(wanted('a'));
    await expect(refused).rejects.toMatchObject({ code: 'token-store-read-only' });
    if (disk === undefined) await chmod(place, 0o700);
    else disk.unmount();
  });
});
