import { ownIdentifiers, type Sighting } from './history.ts';
import { isEarlier, type Moment } from './order.ts';

/** Binds the touchpoints that only name references to whoever owns the first of these references that is owned. */
export interface Tie {
  /** The reference's data subject. */
  readonly subject: string;
  /** The data subject that owns the reference. */
  readonly owner: string;
  readonly reference: string;
  /** Of the later of the two events that prove it. */
  readonly position: number;
  /** The owner's earliest touchpoint about the reference. */
  readonly eventid: string;
}

/** Who owns a reference: the data subject of the earliest touchpoint with identifiers that mentions it. */
export interface Ownership extends Moment {
  readonly owner: string;
  readonly position: number;
}

/** The earliest touchpoint without identifiers, of one data subject, that mentions a reference. */
export interface Mention extends Moment {
  readonly reference: string;
  readonly position: number;
  /** Where in that touchpoint's list of references. */
  readonly place: number;
}

/** Mentions in the order in which owners are looked for. */
export function byMention(a: Mention, b: Mention): number {
  if (isEarlier(a, b)) return -1;
  return isEarlier(b, a) ? 1 : a.place - b.place;
}

/** The tie of one reference subject, from what its touchpoints mention. */
export function tieOf(
  subject: string,
  mentions: readonly Mention[],
  ownerOf: (reference: string) => Ownership | undefined,
): Tie | undefined {
  for (const { reference, position } of [...mentions].sort(byMention)) {
    const owned = ownerOf(reference);
    if (owned === undefined) continue;
    const { owner, eventid } = owned;
    return { subject, owner, reference, position: Math.max(position, owned.position), eventid };
  }
  return undefined;
}

export function findTies(sightings: readonly Sighting[]): Map<string, Tie> {
  const owners = new Map<string, Ownership>();
  const mentions = new Map<string, Map<string, Mention>>();
  for (const sighting of sightings) {
    if (ownIdentifiers(sighting.identifiers).length > 0) claim(sighting, owners);
    else mention(sighting, mentions);
  }
  const ties = new Map<string, Tie>();
  for (const [subject, mentioned] of mentions) {
    const tie = tieOf(subject, [...mentioned.values()], (reference) => owners.get(reference));
    if (tie !== undefined) ties.set(subject, tie);
  }
  return ties;
}

function claim(sighting: Sighting, owners: Map<string, Ownership>): void {
  const { subject: owner, position, happenedAt, eventid } = sighting;
  for (const reference of sighting.references) {
    const known = owners.get(reference);
    if (known === undefined || isEarlier(sighting, known))
      owners.set(reference, { owner, position, happenedAt, eventid });
  }
}

function mention(sighting: Sighting, mentions: Map<string, Map<string, Mention>>): void {
  const { subject, position, happenedAt, eventid } = sighting;
  const mentioned = mentions.get(subject) ?? new Map<string, Mention>();
  mentions.set(subject, mentioned);
  for (const [place, reference] of sighting.references.entries()) {
    const known = mentioned.get(reference);
    if (known !== undefined && !isEarlier(sighting, known)) continue;
    mentioned.set(reference, { reference, position, place, happenedAt, eventid });
  }
}
