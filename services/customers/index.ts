export { type CustomersBacking, customers } from './customers-service.ts';
export type { Directory, KnownDecision } from './directory.ts';
