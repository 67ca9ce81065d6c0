import type { KnownFacts, Rows } from '@touchline/read-store';
import type { IdentifierKey } from '@touchline/touchpoints';
import type { IdentityEvent } from './identity-event.ts';
import { membersKey } from './order.ts';
import { IDENTIFIERS, LINKS } from './tables.ts';

/**
 * Whether a touchpoint says nothing new of who is who: all its identifiers are known, seen together before, and its data
 * subject had an earlier touchpoint. Most are such, and it stays so whatever comes later: identifiers, links and what is known
 * of them are never taken away, and the earliest touchpoint only moves back. So it is remembered, and the next such touchpoint
 * looks at no row.
 */
export function saysNothingNew(event: IdentityEvent, keys: readonly IdentifierKey[], rows: Rows): boolean {
  if (isKnownToSayNothingNew(event, keys, rows)) return true;
  const since = remember(event, keys, rows);
  return since !== undefined && since <= event.happenedAt;
}

/** Remembers from when on such a touchpoint says nothing new, if there is such a time; answers it. */
export function remember(
  event: IdentityEvent,
  keys: readonly IdentifierKey[],
  rows: Rows,
): number | undefined {
  const since = knownSince(event, keys, rows);
  if (since !== undefined) rows.facts?.set(sayingOf(event, keys), since);
  return since;
}

/** As far as memory tells. */
export function isKnownToSayNothingNew(
  event: IdentityEvent,
  keys: readonly IdentifierKey[],
  { facts }: { readonly facts?: Pick<KnownFacts, 'get'> | undefined },
): boolean {
  const since = facts?.get(sayingOf(event, keys));
  return since !== undefined && since <= event.happenedAt;
}

export function linkOf(keys: readonly IdentifierKey[]): string | undefined {
  return keys.length < 2 ? undefined : membersKey(keys.map((key) => key.subject));
}

/** When the first touchpoint of its data subject happened, if all else it says is known; from then on nothing is new. */
function knownSince(event: IdentityEvent, keys: readonly IdentifierKey[], rows: Rows): number | undefined {
  const link = linkOf(keys);
  if (link !== undefined && rows.get(LINKS, link, keys[0]?.subject ?? '') === undefined) return undefined;
  let since = Number.NEGATIVE_INFINITY;
  for (const { subject } of keys) {
    const row = rows.get(IDENTIFIERS, subject);
    if (row === undefined || row.value === null) return undefined;
    if (subject !== event.subject) continue;
    if (row.firstAt === null) return undefined;
    since = row.firstAt;
  }
  return since;
}

/** Asked for several times for each event, always with its own identifiers. */
const sayings = new WeakMap<IdentityEvent, string>();

/** Whose touchpoint it is, and with whom it was seen. */
function sayingOf(event: IdentityEvent, keys: readonly IdentifierKey[]): string {
  let saying = sayings.get(event);
  if (saying === undefined) {
    const others = keys.filter(({ subject }) => subject !== event.subject).map(({ subject }) => subject);
    saying = [event.subject, ...others, ...(others.length === keys.length ? ['-'] : [])].join(' ');
    sayings.set(event, saying);
  }
  return saying;
}
