import {
  DECISIONS,
  type Evidence,
  type Explanation,
  explain,
  IDENTIFIERS,
  type IdentifierRow,
  LINKS,
  REVIEWS,
  TIES,
  UNDOS,
} from '@touchline/identity';
import type { Snapshot, Table } from '@touchline/read-store';
import { presentIdentity } from './present-identity.ts';

/** Rows of one kind shown at most; a customer with more is a shared device, not a person. */
const MAX_ROWS = 1_000;

/** Why the data subjects of a customer are one, as the API answers it: identifiers in plain, where they still can be. */
export async function identityOf(snapshot: Snapshot, customerid: string) {
  const explanation = await explained(snapshot, customerid);
  const others = explanation.reviews.flatMap((review) => review.subjects);
  const named = [
    ...explanation.identifiers,
    ...(await rows<IdentifierRow>(snapshot, IDENTIFIERS, 'subject', others)),
  ];
  return presentIdentity(explanation, new Map(named.map((row) => [row.subject, row.value])));
}

async function explained(snapshot: Snapshot, customerid: string): Promise<Explanation> {
  const identifiers = await rows<Evidence['identifiers'][number]>(snapshot, IDENTIFIERS, 'customer', [
    customerid,
  ]);
  const subjects = identifiers.map((row) => row.subject);
  const mine = await rows<Evidence['links'][number]>(snapshot, LINKS, 'subject', subjects);
  const links = await rows<Evidence['links'][number]>(snapshot, LINKS, 'members', distinct(mine, 'members'));
  const ties = [
    ...(await rows<Evidence['ties'][number]>(snapshot, TIES, 'subject', subjects)),
    ...(await rows<Evidence['ties'][number]>(snapshot, TIES, 'owner', subjects)),
  ];
  const decisions = [
    ...(await rows<Evidence['decisions'][number]>(snapshot, DECISIONS, 'party', subjects)),
    ...(await rows<Evidence['decisions'][number]>(snapshot, DECISIONS, 'otherParty', subjects)),
  ];
  const tied = ties.map((tie) => [tie.subject, tie.owner].sort().join(' '));
  return explain({
    customer: customerid,
    identifiers,
    links,
    ties: unique(ties, 'subject'),
    decisions: unique(decisions, 'eventid'),
    undos: await rows(snapshot, UNDOS, 'decision', distinct(decisions, 'eventid')),
    reviews: await rows(snapshot, REVIEWS, 'members', [...distinct(mine, 'members'), ...tied]),
  });
}

async function rows<Row extends object>(
  snapshot: Snapshot,
  table: Table<never> | Table<Row>,
  column: string,
  values: readonly string[],
): Promise<Row[]> {
  const found: Row[] = [];
  // One value at a time: every statement is a prepared look-up in an index, and customers have few identifiers.
  for (const value of values.slice(0, MAX_ROWS)) {
    const stored = await snapshot.all<Record<string, unknown>>(
      `SELECT * FROM ${table.name} WHERE ${column} = ? LIMIT ${MAX_ROWS}`,
      [value],
    );
    found.push(...stored.map((row) => withJson<Row>(table as Table<never>, row)));
  }
  return found;
}

function withJson<Row extends object>(table: Table<never>, row: Record<string, unknown>): Row {
  for (const [name, type] of Object.entries(table.columns) as [string, string][])
    if (type.startsWith('json') && typeof row[name] === 'string') row[name] = JSON.parse(row[name]);
  return row as Row;
}

function distinct<Row extends object>(found: readonly Row[], column: keyof Row): string[] {
  return [...new Set(found.map((row) => String(row[column])))];
}

function unique<Row extends object>(found: readonly Row[], column: keyof Row): Row[] {
  return [...new Map(found.map((row) => [row[column], row])).values()];
}
