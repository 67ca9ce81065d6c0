import { join } from 'node:path';
import type { EventStore } from '@touchline/event-store';
import { openSqliteEventStore } from '@touchline/event-store/sqlite';
import { catalogue } from '@touchline/touchpoints';
import type { KeyRing } from '@touchline/vault';
import { openSqliteKeyRing } from '@touchline/vault/sqlite';
import { createJournal } from '../create-journal.ts';
import type { Journal } from '../journal.ts';

export interface OpenedJournal {
  readonly journal: Journal;
  readonly eventStore: EventStore;
  readonly keyRing: KeyRing;
  close(): Promise<void>;
}

/** A journal on real files in a folder; opened again on the same folder it is another process's view of them. */
export async function openJournal(folder: string): Promise<OpenedJournal> {
  const keyRing = await openSqliteKeyRing({
    file: join(folder, 'keys.sqlite'),
    masterKey: Buffer.alloc(32, 7),
  });
  const eventStore = await openSqliteEventStore({ file: join(folder, 'log.sqlite') });
  return {
    journal: createJournal({ eventStore, keyRing, catalogue }),
    eventStore,
    keyRing,
    async close() {
      await eventStore.close();
      await keyRing.close();
    },
  };
}
