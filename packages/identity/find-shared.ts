import { type Decision, ownIdentifiers, type Sighting } from './history.ts';

/** `declared` by a person, or `detected`: seen directly with two accounts of one system. Detection outlives an undo. */
export type SharedWhy = 'declared' | 'detected';

export function findShared(
  sightings: readonly Sighting[],
  active: readonly Decision[],
): Map<string, SharedWhy> {
  const shared = new Map<string, SharedWhy>();
  for (const { kind, parties } of active) {
    if (kind === 'shared' && parties[0] !== undefined) shared.set(parties[0].subject, 'declared');
  }
  for (const [subject, accounts] of accountsSeenWith(sightings)) {
    if ([...accounts.values()].some((numbers) => numbers.size > 1)) shared.set(subject, 'detected');
  }
  return shared;
}

/** For each identifier, by system: the accounts it was seen with on one touchpoint, itself left out. */
function accountsSeenWith(sightings: readonly Sighting[]): Map<string, Map<string, Set<string>>> {
  const seen = new Map<string, Map<string, Set<string>>>();
  for (const sighting of sightings) {
    const keys = ownIdentifiers(sighting.identifiers);
    for (const { subject } of keys) {
      for (const other of keys) {
        if (other.subject === subject || other.owner === undefined) continue;
        const owners = seen.get(subject) ?? new Map<string, Set<string>>();
        owners.set(other.owner, (owners.get(other.owner) ?? new Set()).add(other.subject));
        seen.set(subject, owners);
      }
    }
  }
  return seen;
}
