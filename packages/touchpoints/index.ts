export { isAmendable } from './amendable.ts';
export { MAX_IDENTIFIERS, MAX_REFERENCES } from './body.ts';
export * from './catalogue.ts';
export * from './event-id.ts';
export { type Example, examples } from './examples.ts';
export {
  type Identifier,
  type IdentifierOptions,
  type IdentifierResult,
  MAX_IDENTIFIER_LENGTH,
  parseIdentifier,
} from './identifier.ts';
export * from './identifier-key.ts';
export { identifiersOf, isCustomerId, isDecision } from './identifiers-of.ts';
export { MAX_AHEAD_MS, type ParseOptions } from './parse.ts';
export { parseReference, type Reference } from './reference.ts';
export { parseTime } from './time.ts';
export * from './touchpoint.ts';
export {
  defineType,
  GROUPS,
  type Group,
  type TouchpointType,
  type TypeDefinition,
} from './touchpoint-type.ts';
export type { Upcaster } from './upcaster.ts';
export * from './version-1.ts';
