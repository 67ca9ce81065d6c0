import type { Rows } from '@touchline/read-store';
import type { IdentifierKey } from '@touchline/touchpoints';
import { type DecisionKind, partiesOf } from './history.ts';
import { learn, type PlainIdentifiers, valuesOf } from './identifier-rows.ts';
import { type IdentityEvent, positionOf } from './identity-event.ts';
import { recompute } from './recompute.ts';
import { settleAlone } from './settle.ts';
import { DECISIONS, type DecisionRow, IDENTIFIERS, UNDOS } from './tables.ts';

/** Records what a person decided and resolves the parties anew, unless it was undone before it was known. */
export function foldDecision<Event extends IdentityEvent>(
  kind: DecisionKind,
  event: Event,
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  if (rows.get(DECISIONS, event.eventid) !== undefined) return;
  const parties = partiesOf(event.identifiers);
  const [party, otherParty] = parties;
  if (party === undefined) return;
  const active = rows.get(UNDOS, event.eventid) === undefined ? 1 : 0;
  const other = kind === 'shared' ? null : (otherParty?.subject ?? null);
  const decision = { kind, party: party.subject, otherParty: other, active, ...recordOf(event) };
  rows.put(DECISIONS, decision);
  knowParties(event, parties, rows, plainIdentifiers);
  if (active === 1) apply(decision, rows);
}

/** Takes a decision back: everything is as if it had never been made. The first undo counts. */
export function foldUndo(event: IdentityEvent, rows: Rows): void {
  const { decision: undone } = event.touchpoint.data;
  if (typeof undone !== 'string' || rows.get(UNDOS, undone) !== undefined) return;
  rows.put(UNDOS, { decision: undone, ...recordOf(event) });
  const decision = rows.get(DECISIONS, undone);
  if (decision === undefined) return;
  const inactive = { ...decision, active: 0 };
  rows.put(DECISIONS, inactive);
  apply(inactive, rows);
}

/** Tells of a decision that is known what could not be opened when it was folded. */
export function completeDecision<Event extends IdentityEvent>(
  event: Event,
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  const decision = rows.get(DECISIONS, event.eventid);
  if (decision === undefined) return;
  const { decidedBy, reason } = wordsOf(event);
  if (decision.decidedBy !== decidedBy || decision.reason !== reason)
    rows.put(DECISIONS, { ...decision, decidedBy, reason });
  knowParties(event, partiesOf(event.identifiers), rows, plainIdentifiers);
}

function recordOf(event: IdentityEvent) {
  const { eventid, happenedAt } = event;
  return { eventid, position: positionOf(event), happenedAt, ...wordsOf(event) };
}

/** Who decided, and why. */
export function wordsOf({ touchpoint: { authid, data } }: IdentityEvent) {
  return { decidedBy: authid ?? null, reason: data.reason ?? null };
}

/** A party may be named before any touchpoint shows it. */
function knowParties<Event extends IdentityEvent>(
  event: Event,
  parties: readonly IdentifierKey[],
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  const values = valuesOf(event, plainIdentifiers);
  for (const key of parties) {
    const before = rows.get(IDENTIFIERS, key.subject);
    const after = learn(before, key, values.get(key.subject), null);
    if (before === undefined) settleAlone(rows, after);
    else if (before !== after) rows.put(IDENTIFIERS, after);
    if (before !== undefined && before.kind !== after.kind) recompute(rows, [key.subject]);
  }
}

function apply({ kind, party, otherParty, active }: DecisionRow, rows: Rows): void {
  const parties = otherParty === null ? [party] : [party, otherParty];
  for (const subject of parties) {
    const row = rows.get(IDENTIFIERS, subject);
    if (row !== undefined) rows.put(IDENTIFIERS, { ...row, decided: row.decided + (active === 1 ? 1 : -1) });
  }
  if (kind !== 'shared') recompute(rows, parties);
  else if (declare(party, rows)) recompute(rows, parties, new Set(parties));
}

/** Whether it became shared or ceased to be. What was detected stays so, whatever people say. */
function declare(subject: string, rows: Rows): boolean {
  const row = rows.get(IDENTIFIERS, subject);
  if (row === undefined || row.shared === 'detected') return false;
  const isDeclared = rows
    .list(DECISIONS, 'party', subject)
    .some((decision) => decision.kind === 'shared' && decision.active === 1);
  const shared = isDeclared ? 'declared' : null;
  if (row.shared === shared) return false;
  rows.put(IDENTIFIERS, { ...row, shared });
  return true;
}
