import type { Rows } from '@touchline/read-store';
import { identifiersSeen } from './history.ts';
import { learn, type PlainIdentifiers, valuesOf } from './identifier-rows.ts';
import { type IdentityEvent, positionOf, referencesOf } from './identity-event.ts';
import { isEarlier } from './order.ts';
import { retie, tieNewcomer } from './retie.ts';
import { settleAge } from './settle.ts';
import { IDENTIFIERS, type IdentifierRow, MENTIONS, type MentionRow, REFERENCES } from './tables.ts';

/** Folds a touchpoint without identifiers: it goes with whoever owns what it is about. */
export function foldMention<Event extends IdentityEvent>(
  event: Event,
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  const [key] = identifiersSeen(event);
  if (key === undefined) return;
  const before = rows.get(IDENTIFIERS, key.subject);
  const value =
    (before?.value ?? null) === null ? valuesOf(event, plainIdentifiers).get(key.subject) : undefined;
  const after = learn(before, key, value, event.happenedAt);
  const mentioned = putMentions(event, rows);
  if (before === undefined) tieNewcomer(rows, after, mentioned);
  else foldKnown(rows, before, after, mentioned);
}

function foldKnown(
  rows: Rows,
  before: IdentifierRow,
  after: IdentifierRow,
  mentioned: readonly MentionRow[],
): void {
  if (before !== after) rows.put(IDENTIFIERS, after);
  if (mentioned.length > 0) retie(rows, [after.subject]);
  if (before !== after) settleAge(rows, after);
}

/** Answers what is new. */
function putMentions(event: IdentityEvent, rows: Rows): MentionRow[] {
  const mentioned: MentionRow[] = [];
  const { subject, happenedAt, eventid } = event;
  for (const [place, reference] of referencesOf(event).entries()) {
    const known = rows.get(MENTIONS, subject, reference);
    if (known !== undefined && !isEarlier(event, known)) continue;
    const mention = { subject, reference, happenedAt, eventid, position: positionOf(event), place };
    rows.put(MENTIONS, mention);
    mentioned.push(mention);
    if (known === undefined) markMentioned(reference, rows);
  }
  return mentioned;
}

function markMentioned(reference: string, rows: Rows): void {
  const row = rows.get(REFERENCES, reference);
  if (row?.mentioned === 1) return;
  const unowned = { owner: null, happenedAt: null, eventid: null, position: null, claimants: null };
  rows.put(REFERENCES, { reference, ...unowned, ...row, mentioned: 1 });
}
