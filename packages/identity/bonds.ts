import type { Tie } from './find-ties.ts';
import { membersKey, membersOf } from './order.ts';
import type { Bond } from './partition.ts';

/** A link without its shared members; none when fewer than two are left. */
export function linkBond(
  link: Pick<Bond, 'key' | 'position' | 'eventid'>,
  shared: Pick<ReadonlySet<string>, 'has'>,
): Bond[] {
  const members = membersOf(link.key).filter((member) => !shared.has(member));
  return members.length < 2 ? [] : [{ kind: 'link', members, ...link }];
}

/** A tie holds whether or not the owner is shared: it stands on the reference, not on the identifier. */
export function tieBond({ subject, owner, position, eventid }: Omit<Tie, 'reference'>): Bond {
  return { kind: 'tie', members: [subject, owner], key: membersKey([subject, owner]), position, eventid };
}
