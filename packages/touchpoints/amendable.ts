import { isDecision } from './identifiers-of.ts';

/**
 * Whether a record of this type may be corrected or retracted. Corrections and retractions may not (to restore what was
 * retracted, record it again; xAPI 1.0.3, section 2.3.2), and decisions about who is who are undone by another decision.
 */
export function isAmendable(type: string): boolean {
  return !type.startsWith('touchline.record.') && !isDecision(type);
}
