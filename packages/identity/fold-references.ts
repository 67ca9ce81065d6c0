import type { Rows } from '@touchline/read-store';
import { type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { compareText, isEarlier } from './order.ts';
import { retie } from './retie.ts';
import { MENTIONS, REFERENCES, type ReferenceRow } from './tables.ts';

/** The event's data subject owns what it is about, unless someone did earlier. */
export function claimReferences(event: IdentityEvent, rows: Rows): void {
  let loose: Set<string> | undefined;
  for (const reference of referencesOf(event)) {
    const row = rows.get(REFERENCES, reference);
    if (row !== undefined && !isClaim(event, row)) continue;
    const { subject: owner, happenedAt, eventid } = event;
    const mentioned = row?.mentioned ?? 0;
    rows.put(REFERENCES, { reference, owner, happenedAt, eventid, position: positionOf(event), mentioned });
    if (mentioned === 0) continue;
    loose ??= new Set();
    for (const { subject } of rows.list(MENTIONS, 'reference', reference)) loose.add(subject);
  }
  if (loose !== undefined) retie(rows, [...loose].sort(compareText));
}

function isClaim(event: IdentityEvent, { owner, happenedAt, eventid }: ReferenceRow): boolean {
  return (
    owner === null || happenedAt === null || eventid === null || isEarlier(event, { happenedAt, eventid })
  );
}
