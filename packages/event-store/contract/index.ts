export { eventStoreContract } from './contract.ts';
export type { Capability, Harness, Opener, OpenHarness } from './harness.ts';
