export { openRelay, type RelaySetup } from './compose.ts';
export type { ChangePage, CustomerSource } from './outgoing/customer-source.ts';
export { type RelayBacking, relay } from './relay-service.ts';
