import type { Routing, Rows } from '@touchline/read-store';
import { foldAnew } from './fold-anew.ts';
import { foldDecision, foldUndo } from './fold-decision.ts';
import { foldLate } from './fold-late.ts';
import { foldSighting } from './fold-sighting.ts';
import type { PlainIdentifiers } from './identifier-rows.ts';
import { decisionAct, type IdentityEvent, positionOf } from './identity-event.ts';
import { prefetch } from './prefetch.ts';
import { RememberingRows } from './remembering-rows.ts';
import { IDENTIFIERS, IDENTITY_TABLES } from './tables.ts';

/**
 * Who is who, folded event by event. After every event the tables say what `resolve` says of the same history.
 * A touchpoint that says nothing new writes nothing.
 */
export function createIdentityProjection<Event extends IdentityEvent>(options: {
  /** Plain, normalised URIs of an event's identifiers in the order of its keys; empty when they are sealed for ever. */
  readonly plainIdentifiers: PlainIdentifiers<Event>;
}): Routing<Event> {
  const { plainIdentifiers } = options;
  const foldInto = (event: Event, rows: Rows): void => {
    const act = decisionAct(event.touchpoint.type);
    if (act === undefined) foldSighting(event, rows, plainIdentifiers);
    else if (act === 'undo') foldUndo(event, rows);
    else if (act !== 'none') foldDecision(act, event, rows, plainIdentifiers);
  };
  return {
    name: 'identity',
    version: 4,
    tables: IDENTITY_TABLES,
    prefetch: (events, wish) => events.filter((event) => prefetch(event, wish)),
    prefetchDepth: 3,
    fold: (event, rows) => foldInto(event, new RememberingRows(rows, positionOf(event))),
    foldLate: (event, rows) => foldLate(event, rows, { fold: foldInto, plainIdentifiers }),
    foldAnew: (subjects, records) => foldAnew(subjects, records, foldInto),
    customerOf: (subject, rows) => rows.get(IDENTIFIERS, subject)?.customer ?? subject,
    subjectsOf: (customer, rows) =>
      rows.list(IDENTIFIERS, 'customer', customer).map(({ subject }) => subject),
  };
}
