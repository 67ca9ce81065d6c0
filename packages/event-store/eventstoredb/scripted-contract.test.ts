import { eventStoreContract, type Harness } from '../contract/index.ts';
import { openEventStore } from './testing/opener.ts';
import { ScriptedServer } from './testing/scripted-server.ts';

// The adapter and its client are the real ones; the server is not. See `contract.test.ts` for a real one.
eventStoreContract('the log in a scripted EventStoreDB', openHarness);

async function openHarness(): Promise<Harness> {
  const server = await ScriptedServer.start();
  const store = await openEventStore(server.url);
  return {
    store,
    reopen: () => openEventStore(server.url),
    elsewhere: { module: new URL('./testing/opener.ts', import.meta.url), argument: server.url },
    close: async () => {
      await store.close();
      server.stop();
    },
  };
}
