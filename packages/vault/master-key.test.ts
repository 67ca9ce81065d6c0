import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadMasterKey } from './master-key.ts';

const KEY = Buffer.alloc(32, 0xa7);

describe('loadMasterKey', () => {
  let folder: string;
  let file: string;
  let keysFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-master-'));
    file = join(folder, 'secret', 'master.key');
    keysFile = join(folder, 'keys.sqlite');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const load = (value?: string) => loadMasterKey({ value, file, keysFile });

  async function writeKey(text: string, mode = 0o600): Promise<void> {
    file = join(folder, 'master.key');
    await writeFile(file, text);
    await chmod(file, mode);
  }

  it.each(['hex', 'base64', 'base64url'] as const)(
    'takes 32 bytes of %s from the environment',
    async (form) => {
      expect(await load(` ${KEY.toString(form)}\n`)).toEqual(KEY);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('prefers the environment to the file, and takes an empty value for none', async () => {
    await writeKey(Buffer.alloc(32, 1).toString('base64'));
    expect(await load(KEY.toString('hex'))).toEqual(KEY);
    expect(await load('')).toEqual(Buffer.alloc(32, 1));
  });

  it.each([
    ['too short', KEY.subarray(1).toString('base64')],
    ['too long', KEY.toString('hex') + KEY.toString('hex')],
    ['no base64', '你好'],
    ['two lines', `${KEY.toString('base64')}\n${KEY.toString('base64')}`],
  ])('refuses a value that is %s as master-key-malformed', async (_, value) => {
    await expect(load(value)).rejects.toMatchObject({ code: 'master-key-malformed', isRetryable: false });
  });

  it('creates a key file that only its owner may read, and nothing else', async () => {
    const key = await load();
    expect(key).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'secret'))).toEqual(['master.key']);
    expect(Buffer.from(await readFile(file, 'latin1'), 'base64')).toEqual(key);
  });

  it('answers the same key at the next start', async () => {
    expect(await load()).toEqual(await load());
  });

  it('gives everybody who starts at once the same key', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => load()));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  });

  it.each([0o644, 0o640, 0o604, 0o660])(
    'refuses a key file with mode %o and says what to run',
    async (mode) => {
      await writeKey(KEY.toString('base64'), mode);
      await expect(load()).rejects.toMatchObject({
        code: 'master-key-exposed',
        message: expect.stringContaining(`chmod 600 ${file}`),
      });
    },
  );

  it.each([
    ['empty', ''],
    ['cut off', KEY.toString('base64').slice(0, 20)],
    ['binary', '\0\x01\x02'.repeat(20)],
  ])('refuses a key file that is %s as master-key-malformed', async (_, text) => {
    await writeKey(text);
    await expect(load()).rejects.toMatchObject({ code: 'master-key-malformed' });
  });

  it('refuses a folder in place of the key file', async () => {
    file = folder;
    await chmod(folder, 0o700);
    await expect(load()).rejects.toMatchObject({ code: 'master-key-malformed' });
  });

  it('refuses to make a new key while there are keys that need the lost one', async () => {
    await writeFile(keysFile, 'not empty');
    await expect(load()).rejects.toMatchObject({
      code: 'master-key-missing',
      message: expect.stringContaining('Restore it'),
    });
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('never makes a key for keys on a server, but takes one that is there', async () => {
    const onServer = () => loadMasterKey({ file });
    await expect(onServer()).rejects.toMatchObject({
      code: 'master-key-missing',
      message: expect.stringContaining('TOUCHLINE_MASTER_KEY is not set'),
    });
    expect(await readdir(folder)).toEqual([]);
    await writeKey(KEY.toString('base64'));
    expect(await onServer()).toEqual(KEY);
  });

  it('makes a key when a first start was cut off before any key was written', async () => {
    await writeFile(keysFile, '');
    expect(await load()).toHaveLength(32);
  });

  it('says master-key-unwritable when the file cannot be created', async () => {
    await writeFile(join(folder, 'secret'), 'a file where the folder should be');
    await expect(load()).rejects.toMatchObject({ code: expect.stringMatching(/^master-key-/) });
  });
});
