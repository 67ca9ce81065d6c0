import { membersKey } from './order.ts';
import type { Ban, Bond } from './partition.ts';

/** An active decision about two parties. */
export interface PairDecision {
  readonly kind: 'merge' | 'nomerge';
  readonly parties: readonly [string, string];
  readonly position: number;
  readonly eventid: string;
}

/**
 * What people decided, with the last word on each pair of parties counting: a later merge lifts an earlier no-merge
 * of the same two, and a later no-merge an earlier merge.
 */
export function rule(decisions: Iterable<PairDecision>): { merges: Bond[]; bans: Ban[] } {
  const pairs = Map.groupBy(decisions, (decision) => membersKey(decision.parties));
  const merges: Bond[] = [];
  const bans: Ban[] = [];
  for (const [key, about] of pairs) {
    const last = about.reduce((a, b) => (a.position > b.position ? a : b));
    if (last.kind === 'nomerge') bans.push({ parties: last.parties, decision: last.eventid });
    else merges.push(...about.filter(isMerge).map((merge) => bond(key, merge)));
  }
  return { merges, bans };
}

function isMerge(decision: PairDecision): boolean {
  return decision.kind === 'merge';
}

function bond(key: string, { parties, position, eventid }: PairDecision): Bond {
  return { kind: 'merge', members: parties, key, position, eventid };
}
