import { eventStoreContract, type Harness } from '../contract/index.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { openEventStore } from './fixtures/opener.ts';

eventStoreContract('the log in an SQLite file', openHarness);

async function openHarness(): Promise<Harness> {
  const folder = new LogFolder();
  const store = await openEventStore(folder.file);
  return {
    store,
    reopen: () => openEventStore(folder.file),
    elsewhere: { module: new URL('./fixtures/opener.ts', import.meta.url), argument: folder.file },
    close: async () => {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}
