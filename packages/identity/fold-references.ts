import type { Rows } from '@touchline/read-store';
import { type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { compareText, isEarlier } from './order.ts';
import { retie } from './retie.ts';
import { MENTIONS, REFERENCES, type ReferenceRow } from './tables.ts';

/** Noted of one reference. Of more, who owned it before cannot be told anew. */
export const MAX_CLAIMANTS = 8;

/** The event's data subject owns what it is about, unless someone did earlier. */
export function claimReferences(event: IdentityEvent, rows: Rows): void {
  let loose: Set<string> | undefined;
  for (const reference of referencesOf(event)) {
    const row = rows.get(REFERENCES, reference);
    const { subject: owner, happenedAt, eventid } = event;
    const claimants = row === undefined ? null : withClaimant(row, owner);
    if (row !== undefined && !isClaim(event, row)) {
      if (claimants !== row.claimants) rows.put(REFERENCES, { ...row, claimants });
      continue;
    }
    const mentioned = row?.mentioned ?? 0;
    const position = positionOf(event);
    rows.put(REFERENCES, { reference, owner, happenedAt, eventid, position, mentioned, claimants });
    if (mentioned === 0) continue;
    loose ??= new Set();
    for (const { subject } of rows.list(MENTIONS, 'reference', reference)) loose.add(subject);
  }
  if (loose !== undefined) retie(rows, [...loose].sort(compareText));
}

/** The same list when there is nothing to note. In whatever order they come, it ends the same. */
export function withClaimant(
  { owner, claimants }: Pick<ReferenceRow, 'owner' | 'claimants'>,
  subject: string,
): ReferenceRow['claimants'] {
  const known = claimants ?? (owner === null ? [subject] : [owner]);
  if (known.includes(subject)) return claimants;
  const first = [...known, subject].sort(compareText).slice(0, MAX_CLAIMANTS);
  return first.includes(subject) ? first : claimants;
}

function isClaim(event: IdentityEvent, { owner, happenedAt, eventid }: ReferenceRow): boolean {
  return (
    owner === null || happenedAt === null || eventid === null || isEarlier(event, { happenedAt, eventid })
  );
}
