import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adminTokenOf, readAdminToken } from './admin-token.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchline-token-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first start creates a token in a file for its owner alone, later starts find it', () => {
  const data = join(folder, 'data');
  const first = readAdminToken(data);
  expect(first).toMatchObject({ created: true, token: expect.stringMatching(/^tl_[\w-]{43}$/) });
  expect(statSync(join(data, 'admin-token')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(data, 'admin-token'), 'utf8').trim()).toBe(first.token);
  expect(readAdminToken(data)).toEqual({ token: first.token, created: false });
  expect(readdirSync(data)).toEqual(['admin-token']);
});

test('a token file that others may read is closed to them', () => {
  readAdminToken(folder);
  const file = join(folder, 'admin-token');
  chmodSync(file, 0o644);
  readAdminToken(folder);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a damaged token file is an error that says what to do', () => {
  writeFileSync(join(folder, 'admin-token'), '');
  expect(() => readAdminToken(folder)).toThrow(
    expect.objectContaining({ code: 'admin-token-damaged', message: expect.stringContaining('delete it') }),
  );
});

test('a data folder that cannot be made is an error with a code', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => readAdminToken(join(folder, 'file', 'data'))).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^admin-token-un/) }),
  );
});

test('threads that start at once agree on one token, created by one of them', async () => {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ readAdminToken }) => parentPort.postMessage(readAdminToken(workerData.folder)));`;
  const workerData = { module: new URL('./admin-token.ts', import.meta.url).href, folder };
  const answers = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        new Promise<ReturnType<typeof readAdminToken>>((resolve, reject) => {
          new Worker(source, { eval: true, workerData }).once('message', resolve).once('error', reject);
        }),
    ),
  );
  expect(new Set(answers.map(({ token }) => token)).size).toBe(1);
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
});

const onOneMachine = { eventStore: 'sqlite:', keyStore: 'sqlite:/fast/keys' };

test('on one machine the token of the environment goes before the one in the data folder', () => {
  const token = adminTokenOf({ dataFolder: folder, ...onOneMachine });
  expect(readAdminToken(folder)).toEqual({ token, created: false });
  expect(adminTokenOf({ dataFolder: folder, ...onOneMachine, adminToken: 'given' })).toBe('given');
});

test.each([
  { ...onOneMachine, keyStore: 'postgres://host/keys' },
  { ...onOneMachine, eventStore: 'esdb://host' },
])(
  'no token is made where other machines would make another, but one that is there is taken: %o',
  (places) => {
    const config = { dataFolder: join(folder, 'data'), ...places };
    expect(() => adminTokenOf(config)).toThrow(
      expect.objectContaining({ code: 'admin-token-missing', message: expect.stringContaining('openssl') }),
    );
    expect(readdirSync(folder)).toEqual([]);
    const { token } = readAdminToken(config.dataFolder);
    expect(adminTokenOf(config)).toBe(token);
    expect(adminTokenOf({ ...config, adminToken: 'given' })).toBe('given');
  },
);
