export * from './clear-part.ts';
export * from './create-journal.ts';
export type { Damage } from './damage.ts';
export * from './journal.ts';
export * from './record-each.ts';
export { subjectOf } from './stream.ts';
