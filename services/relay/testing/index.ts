export { Relay, type RelayParts } from '../relay.ts';
export { relayTopics } from '../topics.ts';
