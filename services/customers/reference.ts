import { Problem } from '@touchline/service-kit';
import { isCustomerId, parseIdentifier } from '@touchline/touchpoints';

/** A customer as a person names it: a customer id, or an identifier, which is normalised. */
export function readReference(text: string, pointer: string, defaultRegion: string | undefined): string {
  return isCustomerId(text) ? text : readIdentifier(text, pointer, defaultRegion);
}

/** Throws the problem `invalid-identifier`, which says what would be right. */
export function readIdentifier(text: string, pointer: string, defaultRegion: string | undefined): string {
  const parsed = parseIdentifier(text, { defaultRegion });
  if (parsed.ok) return parsed.identifier.uri;
  throw new Problem('invalid-identifier', { errors: [{ pointer, detail: parsed.detail }] });
}
