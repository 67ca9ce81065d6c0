import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { refusalOf } from '../support/refusal.ts';
import { note } from '../support/sample-events.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { TOKEN, TouchlineProcess } from '../support/touchline-process.ts';

/** An installation in which something is recorded: a copy of it is spoilt for each refusal. */
let original: string;
let running: TouchlineProcess;
let folders: string;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'touchline-refusals-'));
  original = join(folders, 'original');
  const first = await TouchlineProcess.start({ dataFolder: original });
  expect((await first.post(note('kept'))).status).toBe(201);
  await first.stop();
  running = await TouchlineProcess.start({ dataFolder: join(folders, 'running') });
});
afterAll(async () => {
  await running?.stop();
  await rm(folders, { recursive: true, force: true });
});

async function copy(): Promise<string> {
  const folder = await mkdtemp(join(folders, 'copy-'));
  await cp(original, folder, { recursive: true });
  return folder;
}

const KEY = join('keys', 'master.key');
const KEYS = join('keys', 'keys.sqlite');
const LOG = join('log', 'events.sqlite');

type Spoil = (file: string) => Promise<unknown>;
const garbage: Spoil = (file) => writeFile(file, randomBytes(3_000));
const remove: Spoil = (file) => rm(file, { recursive: true });
const empty: Spoil = (file) => truncate(file, 0);
/** Another character of base64: 32 bytes that are not the right ones. */
const flip: Spoil = async (file) => {
  const text = await readFile(file, 'latin1');
  await writeFile(file, (text.startsWith('A') ? 'B' : 'A') + text.slice(1));
};
const foreign: Spoil = async (file) => {
  await rm(file);
  await Promise.all(['-wal', '-shm'].map((ending) => rm(file + ending, { force: true })));
  const database = new Database(file);
  database.exec('CREATE TABLE invoices (number INTEGER)');
  database.close();
};

describe.concurrent('a data folder is refused', () => {
  test.each<[string, string, Spoil, RegExp]>([
    [
      'whose master key is not that of its keys',
      KEYS,
      (keys) => flip(keys.replace(KEYS, KEY)),
      /wrapped with another master key\. Restore/,
    ],
    ['whose master key is cut off', KEY, (file) => truncate(file, 20), /holds 15 bytes; .* has 32/],
    ['whose master key is empty', KEY, empty, /neither base64 nor hex/],
    ['whose master key others may read', KEY, (file) => chmod(file, 0o644), /mode 0644.*chmod 600/],
    ['whose master key is missing while there are keys', KEY, remove, /is missing\. Restore it/],
    ['whose keys are garbage', KEYS, garbage, /restore the file from its backup/],
    ['whose keys are gone while there is a log', KEYS, remove, /is missing or empty\. Restore it/],
    ['whose keys are empty while there is a log', KEYS, empty, /is missing or empty\. Restore it/],
    ['whose log is garbage', LOG, garbage, /is no log.*restore the right one from its backup/],
    ['whose log is of another program', LOG, foreign, /of something else.*restore the right one/],
    ['whose tokens are garbage', 'tokens.sqlite', garbage, /cannot be used \(SQLITE_NOTADB\): move it away/],
    ['whose log is cut off', LOG, (file) => truncate(file, 8_192), /damaged.*from its backup/],
  ])('%s', async (_name, file, spoil, words) => {
    const folder = await copy();
    await spoil(join(folder, file));
    // The service that starts fastest; all of them open the files in the same way.
    const refusal = await refusalOf({ TOUCHLINE_DATA: folder }, 'intake');
    expect(refusal).toMatch(words);
    expect(refusal).toContain(join(folder, file));
  });

  test('whose lock is garbage', async () => {
    const folder = await copy();
    await garbage(join(folder, 'lock.sqlite'));
    expect(await refusalOf({ TOUCHLINE_DATA: folder })).toMatch(/lock\.sqlite cannot be locked.*delete it/);
  });

  test('whose keys are all gone, and stays as it was', async () => {
    const folder = await copy();
    await rename(join(folder, 'keys'), join(folder, 'keys-elsewhere'));
    expect(await refusalOf({ TOUCHLINE_DATA: folder }, 'intake')).toMatch(/is missing or empty\. Restore it/);
    await rm(join(folder, 'keys'), { recursive: true });
    await rename(join(folder, 'keys-elsewhere'), join(folder, 'keys'));
    const restored = await TouchlineProcess.start({ dataFolder: folder, service: 'intake' });
    const again = await restored.post(note('kept'));
    await restored.stop();
    expect(again.status).toBe(200);
  });

  test('whose administrator token is damaged', async () => {
    const folder = await copy();
    await writeFile(join(folder, 'admin-token'), 'short\n');
    const refusal = await refusalOf({ TOUCHLINE_DATA: folder, TOUCHLINE_ADMIN_TOKEN: '' });
    expect(refusal).toMatch(/admin-token holds no token: delete it/);
  });

  test('that is a file, or lies below one', async () => {
    const file = join(folders, 'a-file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')])
      expect(await refusalOf({ TOUCHLINE_DATA: place })).toMatch(
        new RegExp(`^${place} is no folder .*set TOUCHLINE_DATA`),
      );
  });

  test('that another process has', async () => {
    const folder = join(folders, 'running');
    expect(await refusalOf({ TOUCHLINE_DATA: folder })).toBe(
      `another Touchline runs on ${folder}: stop it, or set TOUCHLINE_DATA to another folder and TOUCHLINE_PORT to another port`,
    );
    expect((await running.fetch('/health/live')).status).toBe(200);
  });
});

test('a data folder or read model on a disk that is read-only or full is refused, and taken once that is mended', async (context) => {
  const disk = SmallDisk.mount(8, context);
  onTestFinished(() => disk.unmount());
  await cp(original, disk.path, { recursive: true });
  disk.makeReadOnly();
  expect(await refusalOf({ TOUCHLINE_DATA: disk.path })).toMatch(
    /cannot be written \(EROFS\): make it writable .*set TOUCHLINE_DATA/,
  );
  const [below, elsewhere] = [join(disk.path, 'below'), await copy()];
  expect(await refusalOf({ TOUCHLINE_DATA: below }, 'intake')).toMatch(/cannot be written \(EROFS\)/);
  expect(await refusalOf({ TOUCHLINE_DATA: elsewhere, TOUCHLINE_READ_STORE: `sqlite:${below}` })).toMatch(
    /cannot be written \(EROFS\).*set TOUCHLINE_READ_STORE/,
  );
  disk.makeWritable();
  await writeFile(join(disk.path, 'ballast'), Buffer.alloc(16 * 1024 ** 2)).catch(() => {});
  expect(await refusalOf({ TOUCHLINE_DATA: disk.path })).toMatch(/(full|no room).*make room on its disk/);
  await rm(join(disk.path, 'ballast'));
  const mended = await TouchlineProcess.start({ dataFolder: disk.path });
  expect((await mended.post(note('kept'))).status).toBe(200);
  await mended.stop();
});

test('a port that is in use is told as such, with what to set', async () => {
  const { port } = new URL(running.origin);
  const refusal = await refusalOf({ TOUCHLINE_DATA: await copy(), TOUCHLINE_PORT: port });
  expect(refusal).toBe(`port ${port} on 127.0.0.1 is in use: stop what listens there or set TOUCHLINE_PORT`);
});

describe.concurrent('a setting is refused', () => {
  const words = async (settings: Record<string, string>): Promise<string> =>
    refusalOf({ TOUCHLINE_DATA: await copy(), ...settings }, 'intake');

  test('that is ill-formed, with all others that are and without any value', async () => {
    const refusal = await words({
      TOUCHLINE_PORT: '99999',
      TOUCHLINE_ADMIN_TOKEN: 'two words',
      TOUCHLINE_EVENT_STORE: 'mysql://me:secret@y',
      TOUCHLINE_KEY_STORE: 'postgres://me:secret@y',
      TOUCHLINE_READ_STORE: 'postgres://me:secret@y',
      TOUCHLINE_TOKEN_STORE: 'postgres://me:secret@y',
      TOUCHLINE_KAFKA: 'amqp://me:secret@y',
      TOUCHLINE_TIMELINE_URL: 'ftp://x',
      TOUCHLINE_LOG_LEVEL: 'loud',
      TOUCHLINE_SAMPLE: 'maybe',
    });
    expect(refusal.split('; ')).toEqual([
      'TOUCHLINE_PORT must be a port number from 0 to 65535',
      'TOUCHLINE_ADMIN_TOKEN must be 1 to 512 visible ASCII characters without spaces',
      'TOUCHLINE_EVENT_STORE must be sqlite:, sqlite:<folder>, or esdb://<user>:<password>@<host>:<port> (also esdb+discover, kurrentdb)',
      'TOUCHLINE_KEY_STORE must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
      'TOUCHLINE_READ_STORE must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
      'TOUCHLINE_TOKEN_STORE must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
      'TOUCHLINE_KAFKA must be kafka://<host>:<port>, several separated by commas',
      'TOUCHLINE_TIMELINE_URL must be an http(s) address',
      'TOUCHLINE_LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent',
      'TOUCHLINE_SAMPLE must be on or off',
    ]);
  });

  test('that names a host of somebody else', async () => {
    const refusal = await words({ TOUCHLINE_HOST: 'no.such.host.invalid' });
    expect(refusal).toBe('no.such.host.invalid is no address of this machine: set TOUCHLINE_HOST');
  });

  test.each(['timeline', 'standalone'])(
    'that names a database nobody answers for, by %s',
    async (service) => {
      const settings = {
        TOUCHLINE_DATA: await copy(),
        TOUCHLINE_READ_STORE: 'postgres://me:secret@127.0.0.1:1/x',
      };
      expect(await refusalOf(settings, service)).toBe(
        'PostgreSQL at 127.0.0.1:1/x cannot be reached (ECONNREFUSED): see that it runs there and lets this machine in',
      );
    },
  );

  test('that names a key store nobody answers for, whatever the service', async () => {
    const refusal = await words({
      TOUCHLINE_KEY_STORE: 'postgres://me:secret@127.0.0.1:1/x',
      TOUCHLINE_MASTER_KEY: randomBytes(32).toString('base64'),
    });
    expect(refusal).toBe(
      'Keys on PostgreSQL at 127.0.0.1:1/x cannot be reached (ECONNREFUSED): see that it runs there and lets this machine in',
    );
  });

  test('that puts keys on a server without a master key for all who use them', async () => {
    const refusal = await refusalOf(
      {
        TOUCHLINE_DATA: join(folders, 'nothing'),
        TOUCHLINE_EVENT_STORE: `sqlite:${join(folders, 'log')}`,
        TOUCHLINE_KEY_STORE: 'postgres://me:secret@127.0.0.1:1/x',
      },
      'intake',
    );
    expect(refusal).toMatch(/^TOUCHLINE_MASTER_KEY is not set, .*openssl rand -base64 32/);
  });

  test('that is no master key', async () => {
    const refusal = await words({ TOUCHLINE_MASTER_KEY: 'c2VjcmV0' });
    expect(refusal).toMatch(/^TOUCHLINE_MASTER_KEY holds 6 bytes; a master key has 32/);
    expect(refusal).not.toContain('c2VjcmV0');
  });
});

test('a setting that is misspelt is warned of by name, never by value', async () => {
  const warned = await TouchlineProcess.start({
    dataFolder: await copy(),
    environment: { TOUCHLINE_PASSWORT: 'secret-value' },
  });
  onTestFinished(() => warned.stop());
  expect(warned.output).toContain('TOUCHLINE_PASSWORT is not a variable Touchline knows');
  expect(warned.output).not.toContain('secret-value');
});

test('the token that is shown at a start is never in the log', () => {
  const log = running.output.split('\n').filter((line) => line.startsWith('{'));
  expect(log.length).toBeGreaterThan(0);
  expect(log.join('\n')).not.toContain(TOKEN);
});
