import { type EventStoreDbEventStore, openEventStoreDbEventStore } from '../event-store-db-event-store.ts';

/** A flood is soon too much: each of its events goes to the server and back. */
const maxQueuedEvents = 10_000;

/** Opens the log in whichever process loads this module. */
export async function openEventStore(url: string): Promise<EventStoreDbEventStore> {
  return openEventStoreDbEventStore({ url, maxQueuedEvents });
}
