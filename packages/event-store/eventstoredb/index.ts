export {
  EventStoreDbEventStore,
  type EventStoreDbOptions,
  openEventStoreDbEventStore,
} from './event-store-db-event-store.ts';
export type { EventStoreDbLimits } from './limits.ts';
