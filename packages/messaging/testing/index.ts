export { MemoryBroker } from './memory-broker.ts';
export { MemoryMessaging } from './memory-messaging.ts';
