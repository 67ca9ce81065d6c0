import type { IdentifierKey } from '@touchline/touchpoints';
import type { IdentityEvent } from './identity-event.ts';
import { compareText } from './order.ts';
import { FROM_NOW_ON } from './remembering-rows.ts';
import type { IdentifierRow } from './tables.ts';

/**
 * Plain, normalised URIs of an event's identifiers, in the order of its keys. Of another length, usually empty,
 * when they cannot be opened any more.
 */
export type PlainIdentifiers<Event extends IdentityEvent> = (event: Event) => readonly string[];

/** The plain values of an event by subject; empty when they cannot be opened. */
export function valuesOf<Event extends IdentityEvent>(
  event: Event,
  plainIdentifiers: PlainIdentifiers<Event>,
): ReadonlyMap<string, string> {
  const plain = plainIdentifiers(event);
  const values = new Map<string, string>();
  if (plain.length !== event.identifiers.length) return values;
  for (const [place, { subject, kind }] of event.identifiers.entries()) {
    const value = plain[place];
    if (kind !== 'customer' && value !== undefined) values.set(subject, value);
  }
  return values;
}

/** An identifier's row after an event that bears it; the same object when there is nothing to learn. */
export function learn(
  row: IdentifierRow | undefined,
  key: IdentifierKey,
  value: string | undefined,
  firstAt: number | null,
): IdentifierRow {
  if (row === undefined) return newIdentifier(key, value ?? null, firstAt);
  const isUpgrade = row.kind === 'customer' && key.kind !== 'customer';
  const isValue = row.value === null && value !== undefined;
  const isOlder = firstAt !== null && (row.firstAt === null || firstAt < row.firstAt);
  if (!isUpgrade && !isValue && !isOlder) return row;
  return {
    ...row,
    kind: isUpgrade ? key.kind : row.kind,
    owner: isUpgrade ? (key.owner ?? null) : row.owner,
    value: isValue ? value : row.value,
    firstAt: isOlder ? firstAt : row.firstAt,
  };
}

/** Its own customer until it is settled. */
function newIdentifier(key: IdentifierKey, value: string | null, firstAt: number | null): IdentifierRow {
  return {
    subject: key.subject,
    kind: key.kind,
    owner: key.owner ?? null,
    value,
    customer: key.subject,
    firstAt,
    accounts: null,
    shared: null,
    decided: 0,
    since: FROM_NOW_ON,
    touchedSince: null,
  };
}

/** Notes the accounts it was seen with; two of one system make it shared. */
export function seenWith(row: IdentifierRow, accounts: readonly IdentifierKey[]): IdentifierRow {
  let after = row;
  for (const { subject, owner } of accounts) {
    if (subject === row.subject || owner === undefined || after.shared === 'detected') continue;
    const known = after.accounts?.find(([system]) => system === owner);
    if (known === undefined) after = { ...after, accounts: withAccount(after.accounts, owner, subject) };
    else if (known[1] !== subject) after = { ...after, shared: 'detected' };
  }
  return after;
}

function withAccount(
  accounts: IdentifierRow['accounts'],
  owner: string,
  subject: string,
): readonly (readonly [string, string])[] {
  const account = [owner, subject] as const;
  return accounts === null ? [account] : [...accounts, account].sort(([a], [b]) => compareText(a, b));
}
