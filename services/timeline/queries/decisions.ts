import { DECISIONS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';

export interface Decision {
  readonly kind: string;
  /** Not undone. */
  readonly active: boolean;
  /** Customer ids, as named by the decision. */
  readonly parties: readonly string[];
}

interface Row {
  readonly kind: string;
  readonly active: number;
  readonly party: string;
  readonly otherParty: string | null;
}

export async function decisionById(snapshot: Snapshot, eventid: string): Promise<Decision | undefined> {
  const [row] = await snapshot.all<Row>(
    `SELECT kind, active, party, otherParty FROM ${DECISIONS.name} WHERE eventid = ?`,
    [eventid],
  );
  if (row === undefined) return undefined;
  const parties = row.otherParty === null ? [row.party] : [row.party, row.otherParty];
  return { kind: row.kind, active: row.active === 1, parties };
}
