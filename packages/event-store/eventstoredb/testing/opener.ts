import { type EventStoreDbEventStore, openEventStoreDbEventStore } from '../event-store-db-event-store.ts';

/** Opens the log in whichever process loads this module. */
export async function openEventStore(url: string): Promise<EventStoreDbEventStore> {
  return openEventStoreDbEventStore({ url });
}
