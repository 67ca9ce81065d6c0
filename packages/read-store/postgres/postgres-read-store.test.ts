import { OwnSchema } from '../../../test/support/postgres.ts';
import { readStoreContract } from '../contract/index.ts';
import { connect } from './testing/connect.ts';
import { TestDatabase } from './testing/database.ts';

await TestDatabase.declare('read models on PostgreSQL', ({ postgres }) => {
  readStoreContract('read models on PostgreSQL', async () => {
    const own = new OwnSchema(postgres);
    return {
      place: own.url(),
      module: new URL('./testing/connect.ts', import.meta.url),
      connect: () => connect(own.url()),
      discard: () => own.drop(),
    };
  });
});
