import { expect, test } from 'vitest';
import { onPostgres } from '../../../test/support/on-postgres.ts';
import { OwnSchema } from '../../../test/support/postgres.ts';
import { checkpointsContract } from '../checkpoints/contract/index.ts';
import type { Checkpoints } from '../checkpoints/index.ts';
import { openPostgresCheckpoints } from './index.ts';

await onPostgres('checkpoints on PostgreSQL', (postgres) => {
  checkpointsContract('PostgreSQL', async () => {
    const own = new OwnSchema(postgres);
    const opened: Checkpoints[] = [];
    return {
      async open() {
        const checkpoints = openPostgresCheckpoints({ url: own.url() });
        opened.push(checkpoints);
        return checkpoints;
      },
      async dispose() {
        for (const checkpoints of opened) await checkpoints.close();
        await own.drop();
      },
    };
  });

  test('processes that start at once make the tables together', async () => {
    const own = new OwnSchema(postgres);
    const all = Array.from({ length: 4 }, () => openPostgresCheckpoints({ url: own.url() }));
    await Promise.all(all.map((checkpoints) => checkpoints.check()));
    await Promise.all(all.map((checkpoints) => checkpoints.close()));
    await own.drop();
  });
});

test('a server that is not there is told without user and password', async () => {
  const checkpoints = openPostgresCheckpoints({ url: 'postgres://somebody:secret@127.0.0.1:1/db' });
  const failure = await checkpoints.check().catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ code: 'checkpoints-unavailable', isRetryable: true });
  expect(String(failure)).toContain('127.0.0.1:1/db');
  expect(String(failure)).not.toMatch(/somebody|secret/);
  await checkpoints.close();
});
