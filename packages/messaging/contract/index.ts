export { messagingContract } from './contract.ts';
export type { Capability, Harness, MortalBroker, OpenHarness } from './harness.ts';
