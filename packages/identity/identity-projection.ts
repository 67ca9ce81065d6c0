import type { Prefetch, Routing } from '@touchline/read-store';
import { foldDecision, foldUndo } from './fold-decision.ts';
import { foldSighting } from './fold-sighting.ts';
import { identifiersSeen } from './history.ts';
import type { PlainIdentifiers } from './identifier-rows.ts';
import { decisionAct, type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { membersKey } from './order.ts';
import { RememberingRows } from './remembering-rows.ts';
import { DECISIONS, IDENTIFIERS, IDENTITY_TABLES, LINKS, MENTIONS, REFERENCES, UNDOS } from './tables.ts';

/**
 * Who is who, folded event by event. After every event the tables say what `resolve` says of the same history.
 * A touchpoint that says nothing new writes nothing.
 */
export function createIdentityProjection<Event extends IdentityEvent>(options: {
  /** Plain, normalised URIs of an event's identifiers in the order of its keys; empty when they are sealed for ever. */
  readonly plainIdentifiers: PlainIdentifiers<Event>;
}): Routing<Event> {
  const { plainIdentifiers } = options;
  return {
    name: 'identity',
    version: 2,
    tables: IDENTITY_TABLES,
    prefetch(events, wish) {
      for (const event of events) prefetch(event, wish);
    },
    fold(event, plainRows) {
      const rows = new RememberingRows(plainRows, positionOf(event));
      const act = decisionAct(event.touchpoint.type);
      if (act === undefined) foldSighting(event, rows, plainIdentifiers);
      else if (act === 'undo') foldUndo(event, rows);
      else if (act !== 'none') foldDecision(act, event, rows, plainIdentifiers);
    },
    customerOf: (subject, rows) => rows.get(IDENTIFIERS, subject)?.customer ?? subject,
    subjectsOf: (customer, rows) =>
      rows.list(IDENTIFIERS, 'customer', customer).map(({ subject }) => subject),
  };
}

function prefetch(event: IdentityEvent, wish: Prefetch): void {
  wish.row(IDENTIFIERS, event.subject);
  const act = decisionAct(event.touchpoint.type);
  if (act === undefined) prefetchSighting(event, wish);
  else if (act === 'undo') wish.row(UNDOS, String(event.touchpoint.data.decision));
  else {
    wish.row(DECISIONS, event.eventid);
    wish.row(UNDOS, event.eventid);
    for (const { subject } of event.identifiers) wish.row(IDENTIFIERS, subject);
  }
}

function prefetchSighting(event: IdentityEvent, wish: Prefetch): void {
  const keys = identifiersSeen(event);
  const [strongest] = keys;
  for (const { subject } of keys) wish.row(IDENTIFIERS, subject);
  if (keys.length > 1 && strongest !== undefined)
    wish.row(LINKS, membersKey(keys.map((key) => key.subject)), strongest.subject);
  const isMention = strongest?.kind === 'reference';
  for (const reference of referencesOf(event)) {
    wish.row(REFERENCES, reference);
    if (isMention) wish.row(MENTIONS, event.subject, reference);
  }
}
