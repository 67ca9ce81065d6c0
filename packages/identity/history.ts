import type { IdentifierKey } from '@touchline/touchpoints';
import type { Moment } from './order.ts';

/** A touchpoint as identity sees it. */
export interface Sighting extends Moment {
  readonly position: number;
  /** The data subject it belongs to. */
  readonly subject: string;
  /** Strongest first; only the reference's own key where the touchpoint has no identifier. */
  readonly identifiers: readonly IdentifierKey[];
  /** What it is about, in the order given. */
  readonly references: readonly string[];
}

/** What a person decided. Of `shared` only the first party counts. */
export interface Decision {
  readonly position: number;
  readonly eventid: string;
  readonly kind: DecisionKind;
  readonly parties: readonly IdentifierKey[];
}

export type DecisionKind = 'merge' | 'nomerge' | 'shared';

/** Everything that was said about who is who, in any order. */
export interface History {
  readonly sightings: readonly Sighting[];
  readonly decisions: readonly Decision[];
  /** Event ids of the decisions that were undone. */
  readonly undone: ReadonlySet<string>;
}

/** A touchpoint's identifiers that can link: without references and customer ids, each once. */
export function ownIdentifiers(keys: readonly IdentifierKey[]): readonly IdentifierKey[] {
  return keys.every(isOwnAndFirst) ? keys : keys.filter(isOwnAndFirst);
}

function isOwnAndFirst(key: IdentifierKey, place: number, keys: readonly IdentifierKey[]): boolean {
  if (key.kind === 'reference' || key.kind === 'customer') return false;
  for (let before = 0; before < place; before += 1) if (keys[before]?.subject === key.subject) return false;
  return true;
}

/** The identifiers a touchpoint makes known: its own, or where it has none the one it is filed under. */
export function identifiersSeen({
  identifiers,
  subject,
}: Pick<Sighting, 'identifiers' | 'subject'>): readonly IdentifierKey[] {
  const own = ownIdentifiers(identifiers);
  return own.length > 0 ? own : identifiers.filter((key) => key.subject === subject).slice(0, 1);
}

/** The distinct subjects a decision names, at most the two it is about. */
export function partiesOf(keys: readonly IdentifierKey[]): readonly IdentifierKey[] {
  return keys
    .filter((key, place) => keys.findIndex((other) => other.subject === key.subject) === place)
    .slice(0, 2);
}
