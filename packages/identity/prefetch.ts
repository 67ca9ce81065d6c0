import type { Prefetch } from '@touchline/read-store';
import type { IdentifierKey } from '@touchline/touchpoints';
import { identifiersSeen } from './history.ts';
import { decisionAct, type IdentityEvent, referencesOf } from './identity-event.ts';
import { isKnownToSayNothingNew, linkOf } from './nothing-new.ts';
import { isOlder } from './order.ts';
import {
  CUSTOMERS,
  type CustomerRow,
  DECISIONS,
  IDENTIFIERS,
  LINKS,
  MENTIONS,
  REFERENCES,
  UNDOS,
} from './tables.ts';

/** Names rows that folding the event will ask for. Answers whether those may lead to further rows. */
export function prefetch(event: IdentityEvent, wish: Prefetch): boolean {
  const act = decisionAct(event.touchpoint.type);
  if (act === undefined) return prefetchSighting(event, wish);
  wish.row(IDENTIFIERS, event.subject);
  if (act === 'undo') wish.row(UNDOS, String(event.touchpoint.data.decision));
  else {
    wish.row(DECISIONS, event.eventid);
    wish.row(UNDOS, event.eventid);
    for (const { subject } of event.identifiers) wish.row(IDENTIFIERS, subject);
  }
  return false;
}

function prefetchSighting(event: IdentityEvent, wish: Prefetch): boolean {
  const keys = identifiersSeen(event);
  const [strongest] = keys;
  const isMention = strongest?.kind === 'reference';
  for (const reference of referencesOf(event)) {
    wish.row(REFERENCES, reference);
    if (isMention) wish.row(MENTIONS, event.subject, reference);
  }
  if (!isMention && isKnownToSayNothingNew(event, keys, wish)) return false;
  wish.row(IDENTIFIERS, event.subject);
  for (const { subject } of keys) wish.row(IDENTIFIERS, subject);
  const isSettled = isKnownLink(keys, wish) && isKnownAge(event, wish);
  if (!isSettled) prefetchCustomers(event, keys, wish);
  return !isSettled;
}

function isKnownLink(keys: readonly IdentifierKey[], wish: Prefetch): boolean {
  const link = linkOf(keys);
  return link === undefined || wish.row(LINKS, link, keys[0]?.subject ?? '') !== undefined;
}

function isKnownAge({ subject, happenedAt }: IdentityEvent, wish: Prefetch): boolean {
  const firstAt = wish.row(IDENTIFIERS, subject)?.firstAt ?? null;
  return firstAt !== null && firstAt <= happenedAt;
}

/** The customers that the event may bring together, and the members of those that may get another name. */
function prefetchCustomers(event: IdentityEvent, keys: readonly IdentifierKey[], wish: Prefetch): void {
  const customers: CustomerRow[] = [];
  for (const { subject } of keys) {
    const name = wish.row(IDENTIFIERS, subject)?.customer;
    const customer = name === undefined ? undefined : wish.row(CUSTOMERS, name);
    if (customer !== undefined) customers.push(customer);
  }
  const ages = [...customers, { customer: event.subject, firstAt: event.happenedAt }];
  for (const customer of customers)
    if (
      customer.alone === 0 &&
      ages.some((age) => age.customer !== customer.customer && isOlder(age, customer))
    )
      wish.list(IDENTIFIERS, 'customer', customer.customer);
}
