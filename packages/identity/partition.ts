import { Groups } from './groups.ts';
import { compareText } from './order.ts';

/** An identifier, as far as joining customers is concerned. */
export interface Node {
  readonly subject: string;
  /** For accounts: the system that gave the number. */
  readonly owner: string | null;
  /** Earliest touchpoint of its own stream, if it has any. */
  readonly firstAt: number | null;
}

/**
 * What holds identifiers together: a link (seen on one touchpoint), a tie (a reference's touchpoints and whoever
 * owns the reference) or a merge (a person said so).
 */
export interface Bond {
  readonly kind: 'link' | 'tie' | 'merge';
  /** At least two, distinct, without shared ones. For a tie: the reference's subject, then the owner. */
  readonly members: readonly string[];
  /** The stored set, shared identifiers included. */
  readonly key: string;
  readonly position: number;
  /** The event that proves it. */
  readonly eventid: string;
}

/** Two parties a person declared to be different. */
export interface Ban {
  readonly parties: readonly [string, string];
  readonly decision: string;
}

export interface Customer {
  /** Subject id of the oldest data subject; of the smallest identifier where none has touchpoints of its own. */
  readonly customer: string;
  readonly firstAt: number | null;
  /** Systems it carries an account of, sorted. */
  readonly owners: readonly string[];
  /** A member is party to a ban. */
  readonly barred: boolean;
  /** Sorted. */
  readonly members: readonly string[];
}

export interface Refusal {
  readonly bond: Bond;
  readonly why: 'nomerge' | 'accounts';
  /** `nomerge`: the decisions; `accounts`: the systems both sides carry an account of. Sorted. */
  readonly detail: readonly string[];
}

export interface Partition {
  readonly customers: readonly Customer[];
  readonly refused: readonly Refusal[];
}

/**
 * Joins identifiers to customers, bond by bond in the order of the log. A merge always joins. A link or tie that
 * would join a banned pair, or two customers with accounts of one system, is refused as a whole: the machine never
 * guesses which of its members belongs where. Bonds that come later never change what earlier ones did.
 */
export function partition(nodes: Iterable<Node>, bonds: readonly Bond[], bans: readonly Ban[]): Partition {
  const groups = new Groups(nodes);
  const refused: Refusal[] = [];
  for (const bond of [...bonds].sort(inLogOrder)) {
    const refusal = bond.kind === 'merge' ? undefined : refuse(bond, groups, bans);
    if (refusal === undefined) groups.join(bond.members);
    else refused.push(refusal);
  }
  return { customers: groups.customers(new Set(bans.flatMap((ban) => ban.parties))), refused };
}

function refuse(bond: Bond, groups: Groups, bans: readonly Ban[]): Refusal | undefined {
  const decisions = bans
    .filter((ban) => groups.wouldMeet(bond.members, ban.parties))
    .map((ban) => ban.decision);
  if (decisions.length > 0) return { bond, why: 'nomerge', detail: decisions.sort(compareText) };
  const owners = groups.commonOwners(bond.members);
  if (owners.length > 0) return { bond, why: 'accounts', detail: owners };
  return undefined;
}

/** One event may prove a link and several ties: the link comes first, then the ties by reference subject. */
function inLogOrder(a: Bond, b: Bond): number {
  return a.position - b.position || rank(a) - rank(b) || compareText(a.members[0] ?? '', b.members[0] ?? '');
}

function rank(bond: Bond): number {
  return bond.kind === 'tie' ? 1 : 0;
}
