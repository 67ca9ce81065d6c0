import { afterAll, describe, test } from 'vitest';
import { openEventStoreDbForTests } from '../../../test/support/eventstoredb.ts';
import { eventStoreContract } from '../contract/index.ts';
import { openEventStore } from './testing/opener.ts';

const server = await openEventStoreDbForTests();

if ('missing' in server) {
  describe('the log in an EventStoreDB', () => {
    test('keeps the contract of the event store', ({ skip }) => skip(server.missing));
  });
} else {
  const { url, close } = server;
  afterAll(close);
  eventStoreContract('the log in an EventStoreDB', async () => {
    const store = await openEventStore(url);
    return {
      store,
      reopen: () => openEventStore(url),
      elsewhere: { module: new URL('./testing/opener.ts', import.meta.url), argument: url },
      close: () => store.close(),
    };
  });
}
