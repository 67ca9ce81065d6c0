import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract, type Harness } from '../contract/index.ts';
import { openEventStore } from './opener.ts';

eventStoreContract('the log in an SQLite file', openHarness);

async function openHarness(): Promise<Harness> {
  const folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  const file = join(folder, 'events.sqlite');
  const store = await openEventStore(file);
  return {
    store,
    reopen: () => openEventStore(file),
    elsewhere: { module: new URL('./opener.ts', import.meta.url), argument: file },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
