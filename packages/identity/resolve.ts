import type { IdentifierKey } from '@touchline/touchpoints';
import { linkBond, tieBond } from './bonds.ts';
import { findShared, type SharedWhy } from './find-shared.ts';
import { findTies, type Tie } from './find-ties.ts';
import {
  type Decision,
  type History,
  identifiersSeen,
  ownIdentifiers,
  partiesOf,
  type Sighting,
} from './history.ts';
import { membersKey } from './order.ts';
import { type Bond, type Customer, type Node, partition, type Refusal } from './partition.ts';
import { type PairDecision, rule } from './ruling.ts';

export interface Resolution {
  /** Ordered by id. Every known identifier is a member of exactly one. */
  readonly customers: readonly Customer[];
  readonly shared: ReadonlyMap<string, SharedWhy>;
  /** By reference subject. */
  readonly ties: ReadonlyMap<string, Tie>;
  readonly refused: readonly Refusal[];
}

/**
 * Who is who, from the whole history at once. The order of the arrays does not matter, positions do. This is what
 * the projection must equal after every event.
 */
export function resolve(history: History): Resolution {
  const sightings = history.sightings.toSorted((a, b) => a.position - b.position);
  const active = history.decisions.filter((decision) => !history.undone.has(decision.eventid));
  const shared = findShared(sightings, active);
  const ties = findTies(sightings);
  const { merges, bans } = rule(active.flatMap(pairDecision));
  const bonds = [...linksOf(sightings, shared), ...tieBonds(ties), ...merges];
  return { shared, ties, ...partition(nodesOf(sightings, history.decisions), bonds, bans) };
}

function tieBonds(ties: ReadonlyMap<string, Tie>): Bond[] {
  return [...ties.values()].map(tieBond);
}

function linksOf(sightings: readonly Sighting[], shared: ReadonlyMap<string, SharedWhy>): Bond[] {
  const first = new Map<string, Sighting>();
  for (const sighting of sightings) {
    const subjects = ownIdentifiers(sighting.identifiers).map((key) => key.subject);
    if (subjects.length < 2) continue;
    const key = membersKey(subjects);
    if (!first.has(key)) first.set(key, sighting);
  }
  return [...first].flatMap(([key, { position, eventid }]) => linkBond({ key, position, eventid }, shared));
}

function pairDecision({ kind, parties, position, eventid }: Decision): PairDecision[] {
  const [a, b] = partiesOf(parties);
  if (kind === 'shared' || a === undefined || b === undefined) return [];
  return [{ kind, parties: [a.subject, b.subject], position, eventid }];
}

function nodesOf(sightings: readonly Sighting[], decisions: readonly Decision[]): Node[] {
  const keys = new Map<string, IdentifierKey>();
  const named = [
    ...sightings.flatMap(identifiersSeen),
    ...decisions.flatMap((one) => partiesOf(one.parties)),
  ];
  for (const key of named) {
    if (!keys.has(key.subject) || key.kind !== 'customer') keys.set(key.subject, key);
  }
  const firsts = new Map<string, number>();
  for (const { subject, happenedAt } of sightings) {
    firsts.set(subject, Math.min(happenedAt, firsts.get(subject) ?? happenedAt));
  }
  return [...keys.values()].map(({ subject, owner }) => ({
    subject,
    owner: owner ?? null,
    firstAt: firsts.get(subject) ?? null,
  }));
}
