import type { Rows } from '@touchline/read-store';
import type { IdentifierKey } from '@touchline/touchpoints';
import { foldMention } from './fold-mention.ts';
import { claimReferences } from './fold-references.ts';
import { ownIdentifiers } from './history.ts';
import { learn, type PlainIdentifiers, seenWith, valuesOf } from './identifier-rows.ts';
import { type IdentityEvent, positionOf } from './identity-event.ts';
import { linkOf, remember, saysNothingNew } from './nothing-new.ts';
import { recompute } from './recompute.ts';
import { settle, settleAge, settleAlone } from './settle.ts';
import { IDENTIFIERS, type IdentifierRow, LINKS } from './tables.ts';

/** Folds a touchpoint that is no decision. Writes nothing when it says nothing new. */
export function foldSighting<Event extends IdentityEvent>(
  event: Event,
  rows: Rows,
  plainIdentifiers: PlainIdentifiers<Event>,
): void {
  const keys = ownIdentifiers(event.identifiers);
  if (keys.length === 0) {
    foldMention(event, rows, plainIdentifiers);
    return;
  }
  if (!saysNothingNew(event, keys, rows)) {
    const link = linkOf(keys);
    const isNewLink = link !== undefined && rows.get(LINKS, link, keys[0]?.subject ?? '') === undefined;
    const values = valuesOf(event, plainIdentifiers);
    foldIdentifiers(event, keys, values, isNewLink ? link : undefined, rows);
    remember(event, keys, rows);
  }
  claimReferences(event, rows);
}

function foldIdentifiers(
  event: IdentityEvent,
  keys: readonly IdentifierKey[],
  values: ReadonlyMap<string, string>,
  link: string | undefined,
  rows: Rows,
): void {
  const accounts = link === undefined ? [] : keys.filter((key) => key.owner !== undefined);
  const known: IdentifierRow[] = [];
  const fresh: IdentifierRow[] = [];
  const unsettled = new Set<string>();
  for (const key of keys) {
    const before = rows.get(IDENTIFIERS, key.subject);
    const firstAt = key.subject === event.subject ? event.happenedAt : null;
    const after = seenWith(learn(before, key, values.get(key.subject), firstAt), accounts);
    if (before === undefined) fresh.push(after);
    else known.push(after);
    if (before !== undefined && before !== after) rows.put(IDENTIFIERS, after);
    if (isUnsettling(before, after)) unsettled.add(key.subject);
  }
  if (link !== undefined) putLink(event, link, keys, rows);
  if (unsettled.size > 0) settleAfresh(rows, keys, fresh, unsettled);
  else settleNew(event, link, known, fresh, rows);
  for (const row of known) if (row.subject === event.subject) settleAge(rows, row);
}

/** What was joined before may not stay joined: the identifier became shared, or proved to be an account. */
function isUnsettling(before: IdentifierRow | undefined, after: IdentifierRow): boolean {
  const wasShared = (before?.shared ?? null) !== null;
  return (!wasShared && after.shared !== null) || (before !== undefined && before.kind !== after.kind);
}

function settleAfresh(
  rows: Rows,
  keys: readonly IdentifierKey[],
  fresh: readonly IdentifierRow[],
  unsettled: ReadonlySet<string>,
): void {
  for (const row of fresh) settleAlone(rows, row);
  const seeds = keys.map((key) => key.subject);
  recompute(rows, seeds, unsettled);
}

function settleNew(
  event: IdentityEvent,
  link: string | undefined,
  known: readonly IdentifierRow[],
  fresh: readonly IdentifierRow[],
  rows: Rows,
): void {
  if (link === undefined) {
    for (const row of fresh) settleAlone(rows, row);
    return;
  }
  const linked = known.filter((row) => row.shared === null);
  if (linked.length + fresh.length === 0) return;
  settle(rows, { known: linked, fresh }, { key: link, position: positionOf(event), eventid: event.eventid });
}

function putLink(event: IdentityEvent, members: string, keys: readonly IdentifierKey[], rows: Rows): void {
  const [position, eventid] = [positionOf(event), event.eventid];
  for (const { subject } of keys) rows.put(LINKS, { members, subject, position, eventid });
}
