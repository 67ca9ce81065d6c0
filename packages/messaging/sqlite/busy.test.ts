import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFile } from './connection.ts';
import { openSqliteCheckpoints } from './index.ts';

test('a file that another process holds for long is told as busy, and can be used afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-checkpoints-'));
  const file = join(folder, 'relay.sqlite');
  const checkpoints = await openSqliteCheckpoints({ file });
  const other = openFile(file);
  other.exec('BEGIN IMMEDIATE');
  const refused = checkpoints.advance('a', { from: undefined, to: 1n });
  await expect(refused).rejects.toMatchObject({ code: 'checkpoints-busy', isRetryable: true });
  other.exec('ROLLBACK');
  other.close();
  expect(await checkpoints.advance('a', { from: undefined, to: 1n })).toBe(true);
  await checkpoints.close();
  await rm(folder, { recursive: true });
});
