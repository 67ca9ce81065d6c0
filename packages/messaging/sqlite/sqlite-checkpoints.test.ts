import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkpointsContract } from '../checkpoints/contract/index.ts';
import type { Checkpoints } from '../checkpoints/index.ts';
import { openFile } from './connection.ts';
import { openSqliteCheckpoints } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-checkpoints-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `${files++}.sqlite`);

checkpointsContract('SQLite', async () => {
  const file = newFile();
  const opened: Checkpoints[] = [];
  return {
    async open() {
      const checkpoints = await openSqliteCheckpoints({ file });
      opened.push(checkpoints);
      return checkpoints;
    },
    async dispose() {
      for (const checkpoints of opened) await checkpoints.close();
    },
  };
});

test('every opening is durable: a WAL file that is opened again is at FULL', () => {
  const file = newFile();
  for (let opening = 0; opening < 2; opening++) {
    const db = openFile(file);
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  }
});

test('a database of another program is left alone', async () => {
  const file = newFile();
  const other = new Database(file);
  other.exec('CREATE TABLE theirs (x)');
  other.close();
  await expect(openSqliteCheckpoints({ file })).rejects.toThrow(
    expect.objectContaining({ code: 'checkpoints-foreign-file', message: expect.stringContaining(file) }),
  );
});

test('what is no database is told with its name and what to do', async () => {
  const file = newFile();
  await writeFile(file, 'x'.repeat(8_192));
  await expect(openSqliteCheckpoints({ file })).rejects.toThrow(
    expect.objectContaining({
      code: 'checkpoints-foreign-file',
      message: expect.stringContaining('move it'),
    }),
  );
});
