import { randomBytes } from 'node:crypto';
import { afterAll, test } from 'vitest';
import { openPostgresForTests } from '../../../test/support/postgres.ts';
import { readStoreContract } from '../contract/index.ts';
import { connect } from './testing/connect.ts';
import { dropSchemas } from './testing/schemas.ts';

const postgres = await openPostgresForTests();

if ('missing' in postgres) test.skip(`read models on PostgreSQL: ${postgres.missing}`, () => {});
else {
  afterAll(() => postgres.close());
  readStoreContract('read models on PostgreSQL', async () => {
    const schema = `t${randomBytes(6).toString('hex')}`;
    const place = `${postgres.url} ${schema}`;
    return {
      place,
      module: new URL('./testing/connect.ts', import.meta.url),
      connect: () => connect(place),
      discard: () => dropSchemas(postgres.url, schema),
    };
  });
}
