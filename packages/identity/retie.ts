import type { Rows } from '@touchline/read-store';
import { type Mention, type Ownership, type Tie, tieOf } from './find-ties.ts';
import { membersKey } from './order.ts';
import { recompute } from './recompute.ts';
import { FROM_NOW_ON } from './remembering-rows.ts';
import { type Proof, settle, settleAlone } from './settle.ts';
import { IDENTIFIERS, type IdentifierRow, MENTIONS, REFERENCES, REVIEWS, TIES } from './tables.ts';

/**
 * Ties reference subjects to the owners they have now. `subjects` are sorted, as ties of one event take effect in
 * that order.
 */
export function retie(rows: Rows, subjects: readonly string[]): void {
  const added: Tie[] = [];
  const unsettled: string[] = [];
  for (const subject of subjects) {
    const before = rows.get(TIES, subject);
    const tie = tieOf(subject, rows.list(MENTIONS, 'subject', subject), (reference) =>
      ownerOf(rows, reference),
    );
    if (tie === undefined || (before !== undefined && isSameTie(before, tie))) continue;
    rows.put(TIES, { ...tie, since: FROM_NOW_ON });
    if (before === undefined) added.push(tie);
    else unsettled.push(...replaced(rows, before, tie));
  }
  if (unsettled.length > 0) recompute(rows, [...unsettled, ...added.map((tie) => tie.subject)]);
  else for (const tie of added) settleTie(rows, tie);
}

/** A reference subject seen for the first time: what it mentions now is all it ever mentioned. */
export function tieNewcomer(rows: Rows, row: IdentifierRow, mentions: readonly Mention[]): void {
  const tie = tieOf(row.subject, mentions, (reference) => ownerOf(rows, reference));
  const owner = tie && rows.get(IDENTIFIERS, tie.owner);
  if (tie === undefined || owner === undefined) {
    settleAlone(rows, row);
    return;
  }
  rows.put(TIES, { ...tie, since: FROM_NOW_ON });
  settle(rows, { known: [owner], fresh: [row] }, proofOf(tie));
}

function settleTie(rows: Rows, tie: Tie): void {
  const known = [rows.get(IDENTIFIERS, tie.subject), rows.get(IDENTIFIERS, tie.owner)].filter(isRow);
  settle(rows, { known, fresh: [] }, proofOf(tie));
}

function proofOf({ subject, owner, position, eventid }: Tie): Proof {
  return { key: membersKey([subject, owner]), position, eventid };
}

function isRow(row: IdentifierRow | undefined): row is IdentifierRow {
  return row !== undefined;
}

/**
 * Whom to look at again. A better proof of the same tie matters only to a subject that decisions name: all others
 * have nothing that could be refused.
 */
function replaced(rows: Rows, before: Tie, tie: Tie): readonly string[] {
  if (before.owner === tie.owner) {
    const isDecided = (rows.get(IDENTIFIERS, tie.subject)?.decided ?? 0) > 0;
    return isDecided ? [tie.subject, tie.owner] : [];
  }
  const formerKey = membersKey([before.subject, before.owner]);
  if (rows.get(REVIEWS, formerKey) !== undefined) rows.delete(REVIEWS, formerKey);
  return [tie.subject, before.owner, tie.owner];
}

function ownerOf(rows: Rows, reference: string): Ownership | undefined {
  const row = rows.get(REFERENCES, reference);
  if (row === undefined || row.owner === null || row.happenedAt === null) return undefined;
  if (row.eventid === null || row.position === null) return undefined;
  return { owner: row.owner, happenedAt: row.happenedAt, eventid: row.eventid, position: row.position };
}

function isSameTie(a: Tie, b: Tie): boolean {
  return (
    a.owner === b.owner && a.reference === b.reference && a.position === b.position && a.eventid === b.eventid
  );
}
