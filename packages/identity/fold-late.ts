import type { Rows } from '@touchline/read-store';
import { completeDecision, wordsOf } from './fold-decision.ts';
import { identifiersSeen, ownIdentifiers } from './history.ts';
import type { PlainIdentifiers } from './identifier-rows.ts';
import { decisionAct, type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { membersKey } from './order.ts';
import { recompute } from './recompute.ts';
import { RememberingRows } from './remembering-rows.ts';
import { DECISIONS, IDENTIFIERS, LINKS, MENTIONS, REFERENCES, TIES, UNDOS } from './tables.ts';

/**
 * Folds an event that comes after later ones, as one does that could not be read at first. What it proves, it proved before
 * them: the joining of whoever it concerns is gone through again in log order. The past stays as it was told; after `foldAnew`
 * nothing is left to do.
 */
export function foldLate<Event extends IdentityEvent>(
  event: Event,
  plainRows: Rows,
  options: {
    readonly fold: (event: Event, rows: Rows) => void;
    readonly plainIdentifiers: PlainIdentifiers<Event>;
  },
): void {
  const { fold, plainIdentifiers } = options;
  const rows = new RememberingRows(plainRows, positionOf(event));
  fold(event, rows);
  putFirst(event, rows, plainIdentifiers);
  if (rows.isChanged) recompute(rows, concerned(event, rows));
}

/** Proofs, undos and touchpoints are known by the first of them in the log; of decisions all is told now that was sealed. */
function putFirst<Event extends IdentityEvent>(
  event: Event,
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  const act = decisionAct(event.touchpoint.type);
  if (act === undefined) {
    putFirstLink(event, rows);
    putFirstTouch(event, rows);
  } else if (act === 'undo') putFirstUndo(event, rows);
  else completeDecision(event, rows, plainIdentifiers);
}

function putFirstLink(event: IdentityEvent, rows: Rows): void {
  const keys = ownIdentifiers(event.identifiers);
  const members = membersKey(keys.map((key) => key.subject));
  const [position, eventid] = [positionOf(event), event.eventid];
  for (const { subject } of keys) {
    const link = rows.get(LINKS, members, subject);
    if (link !== undefined && link.position > position) rows.put(LINKS, { ...link, position, eventid });
  }
}

function putFirstTouch(event: IdentityEvent, rows: Rows): void {
  const row = rows.get(IDENTIFIERS, event.subject);
  const touchedSince = positionOf(event);
  if (row !== undefined && (row.touchedSince ?? 0) > touchedSince)
    rows.put(IDENTIFIERS, { ...row, touchedSince });
}

function putFirstUndo(event: IdentityEvent, rows: Rows): void {
  const undo = rows.get(UNDOS, String(event.touchpoint.data.decision));
  const position = positionOf(event);
  if (undo === undefined || undo.position < position) return;
  const { eventid, happenedAt } = event;
  const { decidedBy, reason } = wordsOf(event);
  if (undo.position === position && undo.decidedBy === decidedBy && undo.reason === reason) return;
  rows.put(UNDOS, { decision: undo.decision, eventid, position, happenedAt, decidedBy, reason });
}

/** Whose customers may come out otherwise. */
function concerned(event: IdentityEvent, rows: Rows): ReadonlySet<string> {
  const subjects = new Set(identifiersSeen(event).map((key) => key.subject));
  for (const { subject } of event.identifiers) subjects.add(subject);
  for (const reference of referencesOf(event)) {
    const owner = rows.get(REFERENCES, reference)?.owner ?? null;
    if (owner !== null) subjects.add(owner);
    for (const { subject } of rows.list(MENTIONS, 'reference', reference)) subjects.add(subject);
  }
  for (const subject of [...subjects]) {
    const tie = rows.get(TIES, subject);
    if (tie !== undefined) subjects.add(tie.owner);
  }
  const decision = rows.get(DECISIONS, String(event.touchpoint.data.decision));
  for (const party of [decision?.party, decision?.otherParty]) if (party != null) subjects.add(party);
  return subjects;
}
