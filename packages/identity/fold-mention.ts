import type { Rows } from '@touchline/read-store';
import { identifiersSeen } from './history.ts';
import { learn, type PlainIdentifiers, valuesOf } from './identifier-rows.ts';
import { type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { isEarlier } from './order.ts';
import { retie } from './retie.ts';
import { settleAge, settleAlone } from './settle.ts';
import { IDENTIFIERS, MENTIONS, REFERENCES } from './tables.ts';

/** Folds a touchpoint without identifiers: it goes with whoever owns what it is about. */
export function foldMention<Event extends IdentityEvent>(
  event: Event,
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  const [key] = identifiersSeen(event);
  if (key === undefined) return;
  const before = rows.get(IDENTIFIERS, key.subject);
  const value = before?.value == null ? valuesOf(event, plainIdentifiers).get(key.subject) : undefined;
  const after = learn(before, key, value, event.happenedAt);
  if (before === undefined) settleAlone(rows, after);
  else if (before !== after) rows.put(IDENTIFIERS, after);
  if (putMentions(event, rows)) retie(rows, [event.subject]);
  if (before !== after) settleAge(rows, after);
}

/** Whether there was anything new. */
function putMentions(event: IdentityEvent, rows: Rows): boolean {
  let isNew = false;
  const { subject, happenedAt, eventid } = event;
  for (const [place, reference] of referencesOf(event).entries()) {
    const known = rows.get(MENTIONS, subject, reference);
    if (known !== undefined && !isEarlier(event, known)) continue;
    isNew = true;
    rows.put(MENTIONS, { subject, reference, happenedAt, eventid, position: positionOf(event), place });
    if (known === undefined) markMentioned(reference, rows);
  }
  return isNew;
}

function markMentioned(reference: string, rows: Rows): void {
  const row = rows.get(REFERENCES, reference);
  if (row?.mentioned === 1) return;
  const unowned = { owner: null, happenedAt: null, eventid: null, position: null };
  rows.put(REFERENCES, { reference, ...unowned, ...row, mentioned: 1 });
}
