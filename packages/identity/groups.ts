import { type Age, compareText, isOlder } from './order.ts';
import type { Customer, Node } from './partition.ts';

interface Group {
  members: string[];
  owners: Set<string>;
  oldest: Age;
}

/** Disjoint sets of identifiers that only ever grow together. */
export class Groups {
  readonly #groupOf = new Map<string, Group>();

  constructor(nodes: Iterable<Node>) {
    for (const { subject, owner, firstAt } of nodes) {
      const owners = new Set(owner === null ? [] : [owner]);
      this.#groupOf.set(subject, { members: [subject], owners, oldest: { customer: subject, firstAt } });
    }
  }

  join(members: readonly string[]): void {
    const [first, ...others] = this.#distinct(members);
    if (first === undefined) return;
    let whole = first;
    for (const other of others) whole = this.#absorb(whole, other);
  }

  /** Whether joining `members` would bring the parties together that are apart now. */
  wouldMeet(members: readonly string[], [a, b]: readonly [string, string]): boolean {
    const groups = this.#distinct(members);
    const [groupA, groupB] = [this.#groupOf.get(a), this.#groupOf.get(b)];
    return (
      groupA !== groupB &&
      groups.some((group) => group === groupA) &&
      groups.some((group) => group === groupB)
    );
  }

  /** Owners that more than one of the members' groups carries an account of, sorted. */
  commonOwners(members: readonly string[]): string[] {
    const seen = new Set<string>();
    const common = new Set<string>();
    for (const group of this.#distinct(members)) {
      for (const owner of group.owners) (seen.has(owner) ? common : seen).add(owner);
    }
    return [...common].sort(compareText);
  }

  customers(barred: ReadonlySet<string>): Customer[] {
    return [...new Set(this.#groupOf.values())]
      .map(({ members, owners, oldest }) => ({
        ...oldest,
        owners: [...owners].sort(compareText),
        barred: members.some((member) => barred.has(member)),
        members: [...members].sort(compareText),
      }))
      .sort((a, b) => compareText(a.customer, b.customer));
  }

  #distinct(members: readonly string[]): Group[] {
    const groups = new Set<Group>();
    for (const member of members) {
      const group = this.#groupOf.get(member);
      if (group !== undefined) groups.add(group);
    }
    return [...groups];
  }

  #absorb(a: Group, b: Group): Group {
    const [large, small] = a.members.length >= b.members.length ? [a, b] : [b, a];
    for (const member of small.members) {
      large.members.push(member);
      this.#groupOf.set(member, large);
    }
    for (const owner of small.owners) large.owners.add(owner);
    if (isOlder(small.oldest, large.oldest)) large.oldest = small.oldest;
    return large;
  }
}
