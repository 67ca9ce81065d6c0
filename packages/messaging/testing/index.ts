export { MemoryBroker } from './memory-broker.ts';
export { MemoryMessaging } from './memory-messaging.ts';
export type { StoredMessage } from './memory-topic.ts';
export type { PublishFault } from './publish-trouble.ts';
