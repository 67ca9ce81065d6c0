import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onPostgres } from '../../test/support/on-postgres.ts';
import { OwnSchema } from '../../test/support/postgres.ts';
import { type Backing, type BackingSetup, openBacking } from './index.ts';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let folder: string;
let opened: Backing[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-keys-'));
  opened = [];
});
afterEach(async () => {
  for (const backing of opened) await backing.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(setup: Partial<BackingSetup> = {}): Promise<Backing> {
  const backing = await openBacking({ dataFolder: join(folder, 'data'), ...setup });
  opened.push(backing);
  return backing;
}

async function record({ eventStore }: Backing): Promise<void> {
  const event = { id: randomUUID(), type: 'noted', fingerprint: 'f', data: '{}' };
  await eventStore.append({ stream: 'somebody', events: [event] });
}

describe('keys in files', () => {
  test('lie in the folder that the key store names, with the master key beside them', async () => {
    const keys = join(folder, 'keys-elsewhere');
    await open({ keyStore: `sqlite:${keys}` });
    expect((await readdir(keys)).sort()).toEqual(expect.arrayContaining(['keys.sqlite', 'master.key']));
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(['log', 'read-models']);
  });

  test('are not made beside a log that was written with others, but beside one that is still empty', async () => {
    const first = await open();
    await first.close();
    const keys = { keyStore: `sqlite:${join(folder, 'others')}` };
    const second = await open(keys);
    await record(second);
    await second.close();
    await expect(open({ keyStore: `sqlite:${join(folder, 'new')}` })).rejects.toMatchObject({
      code: 'vault-missing',
      message: expect.stringContaining(join(folder, 'new', 'keys.sqlite')),
    });
    expect(await readdir(join(folder, 'new'))).toEqual([]);
    await open(keys);
  });
});

await onPostgres('keys on PostgreSQL', (postgres) =>
  describe('keys on PostgreSQL', () => {
    let own: OwnSchema;
    beforeEach(() => {
      own = new OwnSchema(postgres);
    });
    afterEach(async () => {
      for (const backing of opened.splice(0)) await backing.close();
      await own.drop();
    });

    const elsewhere = (): Partial<BackingSetup> => ({
      eventStore: `sqlite:${join(folder, 'log')}`,
      keyStore: own.url(),
      readStore: own.url(),
      masterKey: MASTER_KEY,
    });

    test('need no data folder when the log is elsewhere too: none is made, and none can be', async () => {
      const file = join(folder, 'a-file');
      await writeFile(file, '');
      const places = [join(folder, 'data'), join(file, 'below')];
      const [one, other] = await Promise.all(
        places.map((dataFolder) => open({ ...elsewhere(), dataFolder, exclusive: true })),
      );
      if (one === undefined || other === undefined) throw new Error('not opened');
      expect(await one.keyRing.ensure(['a'])).toEqual(await other.keyRing.ensure(['a']));
      expect((await readdir(folder)).sort()).toEqual(['a-file', 'log']);
      expect((await one.fileSizes()).map(({ part }) => part)).toEqual(['log']);
    });

    test('are made once, by processes that start at once on an empty installation and write at once', async () => {
      const backings = await Promise.all(
        Array.from({ length: 6 }, async () => {
          const backing = await open(elsewhere());
          await record(backing);
          return backing;
        }),
      );
      expect(new Set(backings.map(({ keyRing }) => keyRing.pepper.toString('hex'))).size).toBe(1);
    });

    test('are not made beside a log that was written with others', async () => {
      await record(await open(elsewhere()));
      const another = new OwnSchema(postgres);
      await expect(open({ ...elsewhere(), keyStore: another.url() })).rejects.toMatchObject({
        code: 'vault-missing',
        message: expect.stringContaining(`keys_of_${another.schema}`),
      });
      await open(elsewhere());
    });

    test('are opened by no other master key, and no master key is made for them', async () => {
      await open(elsewhere());
      const other = Buffer.alloc(32, 8).toString('base64');
      const wrong = { code: 'master-key-wrong' };
      await expect(open({ ...elsewhere(), masterKey: other })).rejects.toMatchObject(wrong);
      const missing = { code: 'master-key-missing' };
      await expect(open({ ...elsewhere(), masterKey: undefined })).rejects.toMatchObject(missing);
      expect(await readdir(folder)).toEqual(['log']);
    });

    test('are opened by the key file of the data folder where there is one', async () => {
      await open(elsewhere());
      const keys = join(folder, 'data', 'keys');
      await mkdir(keys, { recursive: true });
      await writeFile(join(keys, 'master.key'), MASTER_KEY, { mode: 0o600 });
      await open({ ...elsewhere(), masterKey: undefined });
      expect(await readdir(keys)).toEqual(['master.key']);
    });
  }),
);
