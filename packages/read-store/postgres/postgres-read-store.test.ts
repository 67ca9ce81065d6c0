import { randomBytes } from 'node:crypto';
import { readStoreContract } from '../contract/index.ts';
import { connect } from './testing/connect.ts';
import { TestDatabase } from './testing/database.ts';
import { dropSchemas } from './testing/schemas.ts';

await TestDatabase.declare('read models on PostgreSQL', ({ postgres: { url } }) => {
  readStoreContract('read models on PostgreSQL', async () => {
    const schema = `t${randomBytes(6).toString('hex')}`;
    const place = `${url} ${schema}`;
    return {
      place,
      module: new URL('./testing/connect.ts', import.meta.url),
      connect: () => connect(place),
      discard: () => dropSchemas(url, schema),
    };
  });
});
