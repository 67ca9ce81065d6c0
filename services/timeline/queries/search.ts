import { IDENTIFIERS } from '@touchline/identity';
import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { dataSubjectsTable, profilesTable } from '../projections/data-subjects.ts';
import { entriesTable } from '../projections/entries.ts';
import { questionWords } from '../search-words.ts';
import { amend, type FoundEntry, isRetracted } from './amended-entry.ts';
import { fragmentOf } from './fragment.ts';

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

/** Customers and entries that hold every word of the question, the newest first. */
export async function search(
  snapshot: Snapshot,
  catalogue: Catalogue,
  question: string,
  limit: number,
): Promise<SearchHits> {
  const words = questionWords(question);
  if (words.length === 0) return { customers: [], entries: [] };
  return {
    customers: await findCustomers(snapshot, words, limit),
    entries: await findEntries(snapshot, catalogue, words, limit),
  };
}

async function findCustomers(
  snapshot: Snapshot,
  words: readonly string[],
  limit: number,
): Promise<CustomerHit[]> {
  const numbers = await snapshot.search(profilesTable as never, words, { limit: limit * ROWS_PER_HIT });
  const rows = await snapshot.all<{ customer: string; name: string | null; identifiers: string }>(
    `SELECT i.customer, d.name, d.identifiers FROM ${profilesTable.name} p
     JOIN ${dataSubjectsTable.name} d ON d.subject = p.subject JOIN ${IDENTIFIERS.name} i ON i.subject = p.subject
     WHERE p.number IN (${numbers.map(() => '?').join(', ')}) ORDER BY d.lastAt DESC, p.subject`,
    numbers,
  );
  const hits = new Map<string, CustomerHit>();
  for (const row of rows) {
    if (hits.has(row.customer) || hits.size === limit) continue;
    const identifiers = JSON.parse(row.identifiers) as string[];
    const fragment = fragmentOf([row.name ?? '', ...identifiers], words);
    hits.set(row.customer, { customerid: row.customer, name: row.name, identifiers, fragment });
  }
  return [...hits.values()];
}

async function findEntries(
  snapshot: Snapshot,
  catalogue: Catalogue,
  words: readonly string[],
  limit: number,
): Promise<EntryHit[]> {
  const positions = await snapshot.search(entriesTable as never, words, { limit: limit * ROWS_PER_HIT });
  const rows = await snapshot.all<FoundEntry & { customer: string; name: string | null }>(
    `SELECT e.position, e.happenedAt AS happenedAt, e.eventKey AS eventKey, e.entry, a.corrections, a.retraction, i.customer, d.name
     FROM ${entriesTable.name} e LEFT JOIN amended a ON a.eventKey = e.eventKey
     JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject JOIN ${dataSubjectsTable.name} d ON d.subject = e.subject
     WHERE e.position IN (${positions.map(() => '?').join(', ')}) ORDER BY e.happenedAt DESC, e.eventKey DESC`,
    positions,
  );
  return rows
    .filter((row) => !isRetracted(row))
    .slice(0, limit)
    .map((row) => {
      const entry = JSON.parse(amend(row, catalogue)) as { data: unknown };
      return { customerid: row.customer, name: row.name, entry, fragment: fragmentOf([entry.data], words) };
    });
}
