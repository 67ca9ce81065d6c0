import { type Identifier, identifierOf } from './identifier.ts';
import { IDENTIFIER_KINDS, type IdentifierKind } from './identifier-key.ts';
import type { Body, Touchpoint } from './touchpoint.ts';

const CUSTOMER_ID = /^[0-9a-f]{24}$/;
const RANK = Object.fromEntries(IDENTIFIER_KINDS.map((kind, rank) => [kind, rank])) as Record<
  IdentifierKind,
  number
>;
const NONE: readonly Identifier[] = Object.freeze([]);

/** Whether the text is a customer id as the machine gives it: 24 lower-case hex digits. */
export function isCustomerId(text: string): boolean {
  return CUSTOMER_ID.test(text);
}

/**
 * Identifiers of a normalised touchpoint, distinct, strongest first; within one kind that of `subject` first, then
 * in the order given. For a decision: its parties, and nothing else. The references in `about` count only when
 * there is no identifier. Empty when the personal fields are gone.
 */
export function identifiersOf(touchpoint: Touchpoint): readonly Identifier[] {
  const { data } = touchpoint;
  if (isDecision(touchpoint.type)) return strongestFirst(partiesOf(data).map(partyOf));
  const found: (Identifier | undefined)[] = [];
  if (touchpoint.subject !== undefined) found.push(identifierOf(touchpoint.subject));
  for (const uri of data.customer?.identifiers ?? []) found.push(identifierOf(uri));
  return strongestOrReferences(found, data.about);
}

/** The same from identifiers that are at hand already, that of `subject` first. */
export function strongestOrReferences(
  found: readonly (Identifier | undefined)[],
  about: readonly string[] | undefined,
): readonly Identifier[] {
  const identifiers = strongestFirst(found);
  return identifiers.length > 0 || about === undefined ? identifiers : references(about);
}

/** Types that say who is who: their identifiers are the parties they speak of. */
export function isDecision(type: string): boolean {
  return DECISION.some((prefix) => type.startsWith(prefix));
}

const DECISION = [
  'touchline.party.',
  'touchline.identifier.marked-shared.',
  'touchline.customer.erased.',
] as const;

function partiesOf(body: Body): readonly string[] {
  if (Array.isArray(body.parties)) return body.parties.filter((party) => typeof party === 'string');
  return typeof body.identifier === 'string' ? [body.identifier] : [];
}

export function partyOf(party: string): Identifier | undefined {
  return isCustomerId(party) ? { uri: party, kind: 'customer' } : identifierOf(party);
}

function references(about: readonly string[]): readonly Identifier[] {
  return [...new Set(about)].map((uri) => ({ uri, kind: 'reference' }));
}

/** Insertion keeps the order given within a kind; there are at most sixteen. */
export function strongestFirst(found: readonly (Identifier | undefined)[]): readonly Identifier[] {
  if (found.length === 0) return NONE;
  const sorted: Identifier[] = [];
  for (const identifier of found) {
    if (identifier === undefined || sorted.some(({ uri }) => uri === identifier.uri)) continue;
    let at = sorted.length;
    for (; at > 0; at--) {
      const before = sorted[at - 1] as Identifier;
      if (RANK[before.kind] <= RANK[identifier.kind]) break;
      sorted[at] = before;
    }
    sorted[at] = identifier;
  }
  return sorted;
}
