export { type CustomersBacking, customers } from './customers-service.ts';
export type { Directory, KnownDecision, KnownEntry } from './directory.ts';
