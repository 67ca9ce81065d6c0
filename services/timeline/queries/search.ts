import { IDENTIFIERS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import type { Entry } from '../entry.ts';
import { amendmentsTable } from '../projections/amendments.ts';
import { dataSubjectsTable, profilesTable } from '../projections/data-subjects.ts';
import { entriesTable } from '../projections/entries.ts';
import { questionWords } from '../search-words.ts';
import { amendedEntry, FOUND_ENTRY, type FoundEntry, served } from './amended-entry.ts';
import { fragmentOf } from './fragment.ts';
import { currentName } from './naming.ts';

export interface SearchHits {
  readonly customers: readonly CustomerHit[];
  readonly entries: readonly EntryHit[];
}

export interface CustomerHit {
  readonly customerid: string;
  readonly name: string | null;
  readonly identifiers: readonly string[];
  readonly fragment: string;
}

export interface EntryHit {
  readonly customerid: string;
  /** Of the data subject the entry belongs to. */
  readonly name: string | null;
  readonly entry: unknown;
  readonly fragment: string;
}

/** Newest rows that match are looked at, this many for each one answered: some lead to the same customer. */
const ROWS_PER_HIT = 4;

/** Customers and entries that hold every word of the question, the best first. */
export async function search(
  snapshot: Snapshot,
  catalogue: Catalogue,
  question: string,
  limit: number,
): Promise<SearchHits> {
  const words = questionWords(question);
  if (words.length === 0) return { customers: [], entries: [] };
  return {
    customers: await bestFirst(
      words,
      limit,
      (some, most) => findCustomers(snapshot, some, most),
      (hit) => hit.customerid,
    ),
    entries: await bestFirst(
      words,
      limit,
      (some, most) => findEntries(snapshot, catalogue, some, most),
      (hit) => (hit.entry as Entry).eventid,
    ),
  };
}

/** What holds the last word as it was typed, then what has a longer one that begins so; among equals the newest first. */
async function bestFirst<Hit>(
  words: readonly string[],
  limit: number,
  find: (words: readonly string[], limit: number) => Promise<readonly Hit[]>,
  nameOf: (hit: Hit) => string,
): Promise<Hit[]> {
  const whole = words.map((word) => (word.endsWith('*') ? word.slice(0, -1) : word));
  const hits = new Map((await find(whole, limit)).map((hit) => [nameOf(hit), hit]));
  if (hits.size < limit && whole.at(-1) !== words.at(-1))
    for (const hit of await find(words, limit + hits.size))
      if (!hits.has(nameOf(hit))) hits.set(nameOf(hit), hit);
  return [...hits.values()].slice(0, limit);
}

async function findCustomers(
  snapshot: Snapshot,
  words: readonly string[],
  limit: number,
): Promise<CustomerHit[]> {
  const numbers = await snapshot.search(profilesTable as never, words, { limit: limit * ROWS_PER_HIT });
  if (numbers.length === 0) return [];
  const rows = await snapshot.all<NamedRow & { customer: string; identifiers: string }>(
    `SELECT i.customer, d.subject, d.names, d.identifiers FROM ${profilesTable.name} p
     JOIN ${dataSubjectsTable.name} d ON d.subject = p.subject JOIN ${IDENTIFIERS.name} i ON i.subject = p.subject
     WHERE p.number IN (${numbers.map(() => '?').join(', ')})
     ORDER BY (SELECT MAX(e.happenedAt) FROM ${entriesTable.name} e WHERE e.subject = p.subject) DESC, p.subject`,
    numbers,
  );
  const hits = new Map<string, CustomerHit>();
  for (const row of rows) {
    if (hits.has(row.customer) || hits.size === limit) continue;
    const identifiers = JSON.parse(row.identifiers) as string[];
    const fragment = fragmentOf([...(JSON.parse(row.names) as string[]), ...identifiers], words);
    const name = await currentName(snapshot, row);
    hits.set(row.customer, { customerid: row.customer, name, identifiers, fragment });
  }
  return [...hits.values()];
}

async function findEntries(
  snapshot: Snapshot,
  catalogue: Catalogue,
  words: readonly string[],
  limit: number,
): Promise<EntryHit[]> {
  const most = { limit: limit * ROWS_PER_HIT };
  const own = await snapshot.search(entriesTable as never, words, most);
  const corrections = await snapshot.search(amendmentsTable as never, words, most);
  const rows = [
    ...(await rowsWhere(snapshot, 'e.position', own)),
    ...(await rowsWhere(snapshot, 'e.eventKey', await targetsOf(snapshot, corrections))),
  ].sort((a, b) => b.happenedAt - a.happenedAt || b.eventKey - a.eventKey);
  const matching = { own: new Set(own), corrections: new Set(corrections) };
  const hits = new Map<number, EntryHit>();
  for (const row of rows) {
    if (hits.size === limit) break;
    if (hits.has(row.position)) continue;
    const entry = await hitEntry(snapshot, catalogue, row, matching);
    if (entry === undefined) continue;
    const fragment = fragmentOf([entry.data], words);
    const name = await currentName(snapshot, row);
    hits.set(row.position, { customerid: row.customer, name, entry, fragment });
  }
  return [...hits.values()];
}

interface Matching {
  readonly own: ReadonlySet<number>;
  readonly corrections: ReadonlySet<number>;
}

/** The entry, if it is the version that counts which holds the words, and nobody retracted it. */
async function hitEntry(
  snapshot: Snapshot,
  catalogue: Catalogue,
  row: FoundEntry,
  matching: Matching,
): Promise<Entry | undefined> {
  const amended = await amendedEntry(snapshot, row);
  if (amended?.standing.retraction) return undefined;
  const correction = amended?.standing.correction;
  const holds =
    correction === undefined ? matching.own.has(row.position) : matching.corrections.has(correction.position);
  if (!holds) return undefined;
  return amended === undefined ? JSON.parse(row.entry) : served(snapshot, amended, catalogue);
}

/** A data subject and its names as they are stored. */
interface NamedRow {
  readonly subject: string;
  readonly names: string;
}

type HitRow = FoundEntry & NamedRow & { readonly customer: string };

async function rowsWhere(snapshot: Snapshot, column: string, keys: readonly number[]): Promise<HitRow[]> {
  if (keys.length === 0) return [];
  return snapshot.all<HitRow>(
    `SELECT ${FOUND_ENTRY}, i.customer, d.subject, d.names FROM ${entriesTable.name} e
     JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject JOIN ${dataSubjectsTable.name} d ON d.subject = e.subject
     WHERE ${column} IN (${keys.map(() => '?').join(', ')})`,
    keys,
  );
}

async function targetsOf(snapshot: Snapshot, positions: readonly number[]): Promise<number[]> {
  if (positions.length === 0) return [];
  const rows = await snapshot.all<{ targetKey: number }>(
    `SELECT DISTINCT targetKey FROM ${amendmentsTable.name} WHERE position IN (${positions.map(() => '?').join(', ')})`,
    positions,
  );
  return rows.map((row) => row.targetKey);
}
