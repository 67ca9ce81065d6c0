export { Relay, type RelayParts } from '../relay.ts';
export { relayTopics } from '../topics.ts';
export { MemoryBroker } from './memory-broker.ts';
