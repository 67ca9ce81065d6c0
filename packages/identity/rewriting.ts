import {
  askOfList,
  askOfRow,
  type KeyValue,
  keyOfRow,
  ReadStoreError,
  type Rewriting,
  type Table,
} from '@touchline/read-store';
import { withClaimant } from './fold-references.ts';
import type { InMemoryRows } from './in-memory-rows.ts';
import type { Neighbourhood, Stored } from './neighbourhood.ts';
import { membersKey } from './order.ts';
import {
  CUSTOMERS,
  DECISIONS,
  FORMER_IDENTIFIERS,
  FORMER_REVIEWS,
  FORMER_TIES,
  IDENTIFIERS,
  LINKS,
  MENTIONS,
  REFERENCES,
  REVIEWS,
  type ReferenceRow,
  TIES,
  UNDOS,
} from './tables.ts';

type AnyRow = Readonly<Record<string, KeyValue>>;
type Place = readonly [table: Table<never>, ...columns: string[]];

/** Where a row says whose it is, or about which set, reference or decision. */
const OF_MEMBERS = [
  [IDENTIFIERS, 'subject'],
  [CUSTOMERS, 'customer'],
  [LINKS, 'subject'],
  [MENTIONS, 'subject'],
  [TIES, 'subject'],
  [DECISIONS, 'party', 'otherParty'],
  [FORMER_IDENTIFIERS, 'subject'],
  [FORMER_TIES, 'subject'],
] as unknown as readonly Place[];
const OF_SETS = [
  [REVIEWS, 'members'],
  [FORMER_REVIEWS, 'members'],
] as unknown as readonly Place[];
const OF_REFERENCES = [[REFERENCES, 'reference']] as unknown as readonly Place[];
const OF_DECISIONS = [[UNDOS, 'decision']] as unknown as readonly Place[];

/** What comes and goes. A row of another table that the log does not account for means that not all of it was read. */
const PASSING: ReadonlySet<string> = new Set(
  [CUSTOMERS, REVIEWS, FORMER_IDENTIFIERS, FORMER_TIES, FORMER_REVIEWS].map(({ name }) => name),
);

/** What is to be written where rows told anew differ from those that are stored. */
export async function rewritingOf(
  anew: InMemoryRows,
  {
    neighbourhood,
    references,
    stored,
  }: { neighbourhood: Neighbourhood; references: ReadonlySet<string>; stored: Stored },
): Promise<readonly Rewriting[]> {
  await keepClaimants(anew, references, stored);
  const members = new Set(neighbourhood.members.keys());
  const decisions = new Set([
    ...[...neighbourhood.undos.values()].map(({ decision }) => decision),
    ...anew.all(UNDOS).map(({ decision }) => decision),
  ]);
  const placed: [Place, ReadonlySet<string>][] = [
    ...OF_MEMBERS.map((place): [Place, ReadonlySet<string>] => [place, members]),
    ...OF_SETS.map((place): [Place, ReadonlySet<string>] => [place, setsOf(anew, neighbourhood)]),
    ...OF_REFERENCES.map((place): [Place, ReadonlySet<string>] => [place, references]),
    ...OF_DECISIONS.map((place): [Place, ReadonlySet<string>] => [place, decisions]),
  ];
  const rewritings: Rewriting[] = [];
  for (const [place, values] of placed) rewritings.push(await difference(anew, place, values, stored));
  return rewritings.filter(({ rows, deletes }) => rows.length + deletes.length > 0);
}

/** Whoever else spoke of a reference was not read for it. */
async function keepClaimants(
  anew: InMemoryRows,
  references: ReadonlySet<string>,
  stored: Stored,
): Promise<void> {
  const told = await stored.load([...references].map((reference) => askOfRow(REFERENCES, [reference])));
  for (const { reference, claimants } of told.flat() as ReferenceRow[]) {
    let row = anew.get(REFERENCES, reference);
    if (row === undefined || claimants === null) continue;
    for (const subject of claimants) row = { ...row, claimants: withClaimant(row, subject) };
    anew.put(REFERENCES, row);
  }
}

/** Sets that may be, or have been, up for review. */
function setsOf(anew: InMemoryRows, { members, links, ties }: Neighbourhood): ReadonlySet<string> {
  const sets = new Set(links.keys());
  for (const link of anew.all(LINKS)) if (members.has(link.subject)) sets.add(link.members);
  for (const { subject, owner } of [...ties, ...anew.all(TIES), ...anew.all(FORMER_TIES)])
    sets.add(membersKey([subject, owner]));
  return sets;
}

async function difference(
  anew: InMemoryRows,
  [table, ...columns]: Place,
  values: ReadonlySet<string>,
  stored: Stored,
): Promise<Rewriting> {
  const asks = columns.flatMap((column) => [...values].map((value) => askOfList(table, column, value)));
  const found = (await stored.load(asks)).flat() as AnyRow[];
  const told = new Map(found.map((row) => [JSON.stringify(keyOfRow(table, row)), row]));
  const rows: AnyRow[] = [];
  for (const row of anew.all<AnyRow>(table as never)) {
    if (!columns.some((column) => values.has(String(row[column])))) continue;
    const key = JSON.stringify(keyOfRow(table, row));
    const before = told.get(key);
    told.delete(key);
    if (before === undefined || textOf(table, before) !== textOf(table, row)) rows.push(row);
  }
  if (told.size > 0 && !PASSING.has(table.name))
    throw new ReadStoreError('repair-refused', `the log does not account for all rows of ${table.name}`);
  return { table, rows, deletes: [...told.values()].map((row) => keyOfRow(table, row)) };
}

function textOf(table: Table<never>, row: AnyRow): string {
  return JSON.stringify(Object.keys(table.columns).map((column) => row[column] ?? null));
}
