import type { IdentifierKey, IdentifierKind } from '@touchline/touchpoints';
import type { Decision, DecisionKind, History, Sighting } from './history.ts';
import type { IdentityEvent } from './identity-event.ts';

/**
 * What may happen in a generated history; `undo` names a decision, earlier or later, by its place among them, and may stand in the
 * stream of anybody.
 */
export type Happening =
  | {
      readonly act: 'sighting';
      readonly bears: readonly IdentifierKey[];
      readonly about: readonly string[];
      readonly at: number;
    }
  | { readonly act: DecisionKind; readonly parties: readonly IdentifierKey[]; readonly at: number }
  | {
      readonly act: 'undo';
      readonly place: number;
      readonly parties?: readonly IdentifierKey[];
      readonly at: number;
    };

/** An event of a test, with the plain identifiers a journal would open. */
export interface TestEvent extends IdentityEvent {
  readonly plain: readonly string[];
}

const KINDS: readonly IdentifierKind[] = ['account', 'mailto', 'tel', 'cookie'];

/** Subjects are readable, and do not sort by kind. */
function account(owner: string, number: number): IdentifierKey {
  return { subject: `${(number * 5 + 3) % 7}-${owner}-${number}`, kind: 'account', owner };
}

function identifier(kind: IdentifierKind, number: number): IdentifierKey {
  return { subject: `${(number * 3 + kind.length) % 7}-${kind}-${number}`, kind };
}

export function reference(text: string): IdentifierKey {
  return { subject: `${text.length % 7}-${text}`, kind: 'reference' };
}

/** Few identifiers, so that everything collides with everything. */
export const REFERENCES = ['r0', 'r1', 'r22', 'r333'];
export const ACCOUNTS = [0, 1, 2].flatMap((n) => [account('crm', n), account('erp', n)]).slice(0, 5);
export const WEAK = [0, 1, 2].flatMap((n) =>
  (['mailto', 'tel', 'cookie'] as const).map((kind) => identifier(kind, n)),
);
export const FEW = [...ACCOUNTS.slice(0, 2), ...WEAK.slice(0, 2), ...REFERENCES.slice(0, 1).map(reference)];
export const CUSTOMER_IDS = FEW.map(({ subject }): IdentifierKey => ({ subject, kind: 'customer' }));

/** Events as the log would hold them, ten positions apart. */
export function eventsOf(happened: readonly Happening[]): TestEvent[] {
  const ids = happened.map((_, place) => `e${String((place * 7) % 100).padStart(2, '0')}-${place}`);
  const decisions = ids.filter((_, place) => isDecision(happened[place]));
  return happened.map((happening, place) =>
    eventOf(happening, ids[place] ?? '', BigInt(place * 10 + 10), decisions),
  );
}

function isDecision(happening: Happening | undefined): boolean {
  return happening !== undefined && happening.act !== 'sighting' && happening.act !== 'undo';
}

export function eventOf(
  happening: Happening,
  eventid: string,
  position: bigint,
  decisions: readonly string[] = [],
): TestEvent {
  if (happening.act === 'sighting') return sightingEvent(happening, eventid, position);
  const parties = distinct(happening.parties ?? []);
  const data = happening.act === 'undo' ? { decision: decisions[happening.place] ?? 'unknown' } : {};
  const touchpoint = { type: TYPES[happening.act], authid: 'ann', data: { ...data, reason: 'because' } };
  const subject = parties[0]?.subject ?? 'nobody';
  return {
    ...base(eventid, position, happening.at),
    subject,
    identifiers: parties,
    plain: plainOf(parties),
    touchpoint,
  };
}

const TYPES = {
  merge: 'touchline.party.merged.v1',
  nomerge: 'touchline.party.nomerge-declared.v1',
  shared: 'touchline.identifier.marked-shared.v1',
  undo: 'touchline.party.unmerged.v1',
} as const;

function sightingEvent(
  { bears, about, at }: Extract<Happening, { act: 'sighting' }>,
  eventid: string,
  position: bigint,
): TestEvent {
  const own = [...bears].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const identifiers = own.length > 0 ? own : about.map(reference);
  const subject = identifiers[0]?.subject ?? 'nobody';
  const touchpoint = { type: 'touchline.note.added.v1', data: { about } };
  return { ...base(eventid, position, at), subject, identifiers, plain: plainOf(identifiers), touchpoint };
}

function base(eventid: string, position: bigint, happenedAt: number) {
  return { eventid, position, happenedAt, recordedAt: Number(position), version: Number(position) };
}

function distinct(keys: readonly IdentifierKey[]): IdentifierKey[] {
  return keys.filter((key, place) => keys.findIndex((other) => other.subject === key.subject) === place);
}

function plainOf(keys: readonly IdentifierKey[]): string[] {
  return keys.map((key) => `plain:${key.subject}`);
}

/** The same events as `resolve` takes them. */
export function historyOf(events: readonly TestEvent[]): History {
  const sightings: Sighting[] = [];
  const decisions = new Map<string, Decision>();
  const undone = new Set<string>();
  for (const { position, eventid, happenedAt, subject, identifiers, touchpoint } of events) {
    const kind = KIND_OF[touchpoint.type];
    if (kind === 'undo') undone.add(String(touchpoint.data.decision));
    else if (kind === undefined) {
      const references = touchpoint.data.about ?? [];
      sightings.push({ position: Number(position), eventid, happenedAt, subject, identifiers, references });
    } else if (!decisions.has(eventid)) {
      decisions.set(eventid, { position: Number(position), eventid, kind, parties: identifiers });
    }
  }
  return { sightings, decisions: [...decisions.values()], undone };
}

const KIND_OF: Readonly<Record<string, DecisionKind | 'undo'>> = {
  [TYPES.merge]: 'merge',
  [TYPES.nomerge]: 'nomerge',
  [TYPES.shared]: 'shared',
  [TYPES.undo]: 'undo',
};
