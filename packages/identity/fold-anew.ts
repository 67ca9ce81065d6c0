import {
  type Ask,
  askOfList,
  askOfRow,
  ReadStoreError,
  type Records,
  type Rewriting,
  type Rows,
} from '@touchline/read-store';
import { foldUndo } from './fold-decision.ts';
import { MAX_CLAIMANTS } from './fold-references.ts';
import { ownIdentifiers } from './history.ts';
import { decisionAct, type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { Neighbourhood, type Stored } from './neighbourhood.ts';
import { RememberingRows } from './remembering-rows.ts';
import { rewritingOf } from './rewriting.ts';
import {
  DECISIONS,
  type DecisionRow,
  IDENTIFIERS,
  IDENTITY_TABLES,
  MENTIONS,
  type MentionRow,
  REFERENCES,
  type ReferenceRow,
  type UndoRow,
} from './tables.ts';

/**
 * Tells anew, from the log, who everybody is and was who ever met some data subjects, as though what waits of them could have
 * been read when it came. Answers what is to be written.
 */
export async function foldAnew<Event extends IdentityEvent>(
  subjects: readonly string[],
  records: Records<Event>,
  fold: (event: Event, rows: Rows) => void,
): Promise<readonly Rewriting[]> {
  const neighbourhood = new Neighbourhood(records);
  await neighbourhood.explore(subjects);
  const { events, references } = await readHistory(neighbourhood, records);
  const rows = new InMemoryRows(IDENTITY_TABLES);
  for (const row of neighbourhood.border.values()) rows.put(IDENTIFIERS, row);
  try {
    for (const step of stepsOf(events, neighbourhood, fold))
      step.fold(new RememberingRows(rows, step.position));
  } catch (cause) {
    throw new ReadStoreError('repair-refused', 'an event that stands beside it cannot be folded', { cause });
  }
  return rewritingOf(rows, { neighbourhood, references, stored: records });
}

interface RegionHistory<Event> {
  /** By event id. */
  readonly events: ReadonlyMap<string, Event>;
  /** That events speak of which wait. */
  readonly references: ReadonlySet<string>;
}

/** What waits may name somebody whom the rows do not know of yet: then there is more to read. */
async function readHistory<Event extends IdentityEvent>(
  neighbourhood: Neighbourhood,
  records: Records<Event>,
): Promise<RegionHistory<Event>> {
  const events = new Map<string, Event>();
  const references = new Set<string>();
  for (const read = new Set<string>(); ; ) {
    const unread = [...neighbourhood.streams()].filter((subject) => !read.has(subject));
    if (unread.length === 0) return { events, references };
    const found = await records.eventsOf(unread);
    for (const subject of unread) read.add(subject);
    for (const event of found) events.set(event.eventid, event);
    const waiting = found.filter((event) => isWaiting(event, neighbourhood));
    for (const reference of spokenOf(waiting)) references.add(reference);
    await neighbourhood.learnUndos([
      ...waiting.filter(isDecision).map(({ eventid }) => eventid),
      ...undoneBy(found),
    ]);
    await neighbourhood.explore(await namedBy(waiting, records));
  }
}

function isWaiting(event: IdentityEvent, { parked }: Neighbourhood): boolean {
  return positionOf(event) >= (parked.get(event.subject)?.position ?? Number.POSITIVE_INFINITY);
}

/** Whom events concern that may not have been read in full when they were folded. */
async function namedBy(events: readonly IdentityEvent[], stored: Stored): Promise<readonly string[]> {
  const load = async <Row>(asks: Ask[]) => (await stored.load(asks)).flat() as Row[];
  const ownedBy = (some: readonly IdentityEvent[]) =>
    load<ReferenceRow>(spokenOf(some).map((reference) => askOfRow(REFERENCES, [reference])));
  const undone = undoneBy(events).map((decision) => askOfRow(DECISIONS, [decision]));
  const loose = spokenOf(events).map((reference) => askOfList(MENTIONS, 'reference', reference));
  const parties = await load<DecisionRow>(undone);
  return [
    ...events.flatMap(({ identifiers }) => identifiers.map(({ subject }) => subject)),
    ...parties.flatMap(({ party, otherParty }) => [party, otherParty ?? party]),
    ...(await load<MentionRow>(loose)).map(({ subject }) => subject),
    ...(await ownedBy(events.filter(isClaim))).flatMap(({ owner }) => owner ?? []),
    ...(await ownedBy(events.filter((event) => !isClaim(event)))).flatMap(claimantsOf),
  ];
}

function spokenOf(events: readonly IdentityEvent[]): readonly string[] {
  return [...new Set(events.flatMap(referencesOf))];
}

function isDecision({ touchpoint }: IdentityEvent): boolean {
  return decisionAct(touchpoint.type) !== undefined;
}

/** Decisions that events take back. Each may be undone in more than one stream, and the first undo counts. */
function undoneBy(events: readonly IdentityEvent[]): readonly string[] {
  return events.flatMap(({ touchpoint: { type, data } }) =>
    decisionAct(type) === 'undo' && typeof data.decision === 'string' ? [data.decision] : [],
  );
}

function isClaim({ identifiers }: IdentityEvent): boolean {
  return ownIdentifiers(identifiers).length > 0;
}

/** Whoever may have owned it at some time. */
function claimantsOf({ owner, claimants }: ReferenceRow): readonly string[] {
  if (claimants !== null && claimants.length === MAX_CLAIMANTS)
    throw new ReadStoreError('repair-refused', 'too many data subjects speak of one reference');
  return claimants ?? (owner === null ? [] : [owner]);
}

interface Step {
  readonly position: number;
  fold(rows: Rows): void;
}

/** In log order. Events of the border that bear nobody else are left out. */
function stepsOf<Event extends IdentityEvent>(
  events: ReadonlyMap<string, Event>,
  { members, undos }: Neighbourhood,
  fold: (event: Event, rows: Rows) => void,
): readonly Step[] {
  const concerning = [...events.values()].filter(
    ({ subject, identifiers }) => members.has(subject) || identifiers.some((one) => members.has(one.subject)),
  );
  const told = new Set(concerning.map(({ eventid }) => eventid));
  const steps = concerning.map(
    (event): Step => ({ position: positionOf(event), fold: (rows) => fold(event, rows) }),
  );
  for (const undo of undos.values())
    if (!told.has(undo.eventid))
      steps.push({ position: undo.position, fold: (rows) => foldUndo(undoEvent(undo), rows) });
  return steps.sort((a, b) => a.position - b.position);
}

/** What its row kept of an undo. */
function undoEvent({ eventid, position, happenedAt, decidedBy, reason, decision }: UndoRow): IdentityEvent {
  return {
    eventid,
    position: BigInt(position),
    happenedAt,
    subject: '',
    version: 0,
    recordedAt: 0,
    identifiers: [],
    touchpoint: {
      type: 'touchline.party.unmerged.v1',
      authid: decidedBy ?? undefined,
      data: { decision, reason: reason ?? undefined },
    },
  };
}
