import {
  DECISIONS,
  type DecisionRow,
  type Explanation,
  explain,
  FORMER_REVIEWS,
  FORMER_TIES,
  LINKS,
  type LinkRow,
  REVIEWS,
  type ReviewRow,
  type SeenIdentifier,
  TIES,
  type TieRow,
  UNDOS,
  type UndoRow,
} from '@touchline/identity';
import type { Snapshot, Table } from '@touchline/read-store';
import { type AsOf, selectIdentifiers } from './as-of.ts';
import { presentIdentity } from './present-identity.ts';

/** Rows of one kind shown at most; a customer with more is a shared device, not a person. */
const MAX_ROWS = 1_000;

/** Why the data subjects of a customer are one, as the API answers it: identifiers in plain, where they still can be. */
export async function identityOf(snapshot: Snapshot, customerid: string, asof?: AsOf) {
  const evidence = new EvidenceRows(snapshot, asof);
  const explanation = await explained(evidence, customerid);
  const others = explanation.reviews.flatMap((review) => review.subjects);
  const named = [...explanation.identifiers, ...(await evidence.identifiers('subject', others))];
  return presentIdentity(explanation, new Map(named.map((row) => [row.subject, row.value])));
}

async function explained(evidence: EvidenceRows, customerid: string): Promise<Explanation> {
  const identifiers = await evidence.identifiers('customer', [customerid]);
  const subjects = identifiers.map((row) => row.subject);
  const mine = await evidence.of<LinkRow>(LINKS, 'subject', subjects);
  const links = await evidence.of<LinkRow>(LINKS, 'members', distinct(mine, 'members'));
  const ties = [
    ...(await evidence.of<TieRow>(TIES, 'subject', subjects)),
    ...(await evidence.of<TieRow>(TIES, 'owner', subjects)),
  ];
  const decisions = [
    ...(await evidence.of<DecisionRow>(DECISIONS, 'party', subjects)),
    ...(await evidence.of<DecisionRow>(DECISIONS, 'otherParty', subjects)),
  ];
  const tied = ties.map((tie) => [tie.subject, tie.owner].sort().join(' '));
  const undos = await evidence.of<UndoRow>(UNDOS, 'decision', distinct(decisions, 'eventid'));
  const undone = new Set(undos.map((undo) => undo.decision));
  return explain({
    customer: customerid,
    identifiers,
    links,
    ties: unique(ties, 'subject'),
    decisions: unique(decisions, 'eventid').map((one) => ({
      ...one,
      active: undone.has(one.eventid) ? 0 : 1,
    })),
    undos,
    reviews: await evidence.of<ReviewRow>(REVIEWS, 'members', [...distinct(mine, 'members'), ...tied]),
  });
}

/** Since when rows hold, and where those lie that hold no more. What is in neither place only ever comes, and stays. */
const FORMER = new Map<Table<never>, Table<never>>([
  [TIES as Table<never>, FORMER_TIES as Table<never>],
  [REVIEWS as Table<never>, FORMER_REVIEWS as Table<never>],
]);

/** Rows of identity as of a position. One value at a time: every statement is a prepared look-up in an index. */
class EvidenceRows {
  readonly #snapshot: Snapshot;
  readonly #asof: AsOf;

  constructor(snapshot: Snapshot, asof: AsOf) {
    this.#snapshot = snapshot;
    this.#asof = asof;
  }

  async identifiers(column: 'subject' | 'customer', values: readonly string[]): Promise<SeenIdentifier[]> {
    const found: SeenIdentifier[] = [];
    for (const value of values.slice(0, MAX_ROWS)) found.push(...(await this.#identifiers(column, value)));
    return found;
  }

  async of<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    values: readonly string[],
  ): Promise<Row[]> {
    const found: Row[] = [];
    for (const value of values.slice(0, MAX_ROWS))
      for (const row of await this.#rows(table as Table<never>, column, value)) found.push(row as Row);
    return found;
  }

  #identifiers(column: string, value: string): Promise<SeenIdentifier[]> {
    return selectIdentifiers<SeenIdentifier>(this.#snapshot, this.#asof, {
      select: (source) =>
        `SELECT i.subject, i.kind, ${source.value} AS value, i.customer, i.shared FROM ${source.from} WHERE i.${column} = ?`,
      parameters: [value],
      tail: ` LIMIT ${MAX_ROWS}`,
    });
  }

  async #rows(table: Table<never>, column: string, value: string): Promise<object[]> {
    const asof = this.#asof;
    const select = (from: Table<never>) =>
      `SELECT ${Object.keys(table.columns).join(', ')} FROM ${from.name} WHERE ${column} = ?`;
    const limit = ` LIMIT ${MAX_ROWS}`;
    if (asof === undefined) return this.#all(table, select(table) + limit, [value]);
    const since = 'since' in table.columns ? 'since' : 'position';
    const held = `${select(table)} AND ${since} <= ?`;
    const former = FORMER.get(table);
    if (former === undefined) return this.#all(table, held + limit, [value, asof]);
    const union = `${held} UNION ALL ${select(former)} AND ${since} <= ? AND until > ?`;
    return this.#all(table, union + limit, [value, asof, value, asof, asof]);
  }

  async #all(table: Table<never>, sql: string, parameters: readonly (string | number)[]): Promise<object[]> {
    const stored = await this.#snapshot.all<Record<string, unknown>>(sql, parameters);
    const columns = Object.entries(table.columns) as [string, string][];
    const json = columns.filter(([, type]) => type.startsWith('json')).map(([name]) => name);
    for (const row of stored)
      for (const name of json) if (typeof row[name] === 'string') row[name] = JSON.parse(row[name]);
    return stored;
  }
}

function distinct<Row extends object>(found: readonly Row[], column: keyof Row): string[] {
  return [...new Set(found.map((row) => String(row[column])))];
}

function unique<Row extends object>(found: readonly Row[], column: keyof Row): Row[] {
  return [...new Map(found.map((row) => [row[column], row])).values()];
}
