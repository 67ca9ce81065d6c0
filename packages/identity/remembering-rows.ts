import type { KeyValue, Rows, Table } from '@touchline/read-store';
import {
  FORMER_IDENTIFIERS,
  FORMER_REVIEWS,
  FORMER_TIES,
  IDENTIFIERS,
  type IdentifierRow,
  REVIEWS,
  type ReviewRow,
  TIES,
  type TieRow,
} from './tables.ts';

/** `since` of a row in the making: putting it tells the position. */
export const FROM_NOW_ON = 0;

/**
 * Rows as one event changes them. What it replaces of identifiers, ties and reviews is put aside with the positions
 * between which it held, so that who was who can be read as of any position; what comes and goes within the event is
 * not. An event that was parked and folds after later ones changes what holds now and leaves the past as it was told.
 */
export class RememberingRows implements Rows {
  readonly #rows: Rows;
  readonly #position: number;
  /** Whether anything was written. */
  isChanged = false;

  constructor(rows: Rows, position: number) {
    this.#rows = rows;
    this.#position = position;
  }

  get facts(): Rows['facts'] {
    return this.#rows.facts;
  }

  get<Row extends object>(table: Table<Row>, ...key: KeyValue[]): Readonly<Row> | undefined {
    return this.#rows.get(table, ...key);
  }

  list<Row extends object>(
    table: Table<Row>,
    column: keyof Row & string,
    value: KeyValue,
  ): readonly Readonly<Row>[] {
    return this.#rows.list(table, column, value);
  }

  put<Row extends object>(table: Table<Row>, row: Row): void {
    this.isChanged = true;
    if (is(table, IDENTIFIERS)) this.#putIdentifier(row as unknown as IdentifierRow);
    else if (is(table, TIES)) this.#putTie(row as unknown as TieRow);
    else if (is(table, REVIEWS)) this.#putReview(row as unknown as ReviewRow);
    else this.#rows.put(table, row);
  }

  delete<Row extends object>(table: Table<Row>, ...key: KeyValue[]): void {
    this.isChanged = true;
    if (is(table, REVIEWS)) this.#keepReview(this.#rows.get(REVIEWS, ...key));
    this.#rows.delete(table, ...key);
  }

  #putIdentifier(row: IdentifierRow): void {
    const before = this.#rows.get(IDENTIFIERS, row.subject);
    const isChange = before === undefined || isSeenOtherwise(before, row);
    const since = isChange ? Math.max(this.#position, before?.since ?? 0) : before.since;
    const touched = row.firstAt === null ? null : this.#position;
    const known = before?.touchedSince ?? null;
    // An event that comes late may say that it was touched earlier.
    const touchedSince = known === null ? touched : Math.min(known, row.touchedSince ?? known);
    const isStamped = row.since === since && row.touchedSince === touchedSince;
    this.#rows.put(IDENTIFIERS, isStamped ? row : { ...row, since, touchedSince });
    if (before === undefined || before.since === since) return;
    const { subject, kind, owner, customer, shared } = before;
    const readable = before.value === null ? 0 : 1;
    this.#rows.put(FORMER_IDENTIFIERS, {
      subject,
      since: before.since,
      until: since,
      kind,
      owner,
      customer,
      shared,
      readable,
    });
  }

  #putTie(tie: TieRow): void {
    const before = this.#rows.get(TIES, tie.subject);
    // An event that comes late may complete a proof of which the other half came after it.
    const since = Math.max(this.#position, tie.position, before?.since ?? 0);
    if (before !== undefined && before.since < since)
      this.#rows.put(FORMER_TIES, { ...before, until: since });
    this.#rows.put(TIES, { ...tie, since });
  }

  #putReview(review: ReviewRow): void {
    const before = this.#rows.get(REVIEWS, review.members);
    this.#keepReview(before);
    const since = Math.max(this.#position, before?.since ?? 0);
    this.#rows.put(REVIEWS, { ...review, since });
  }

  #keepReview(before: ReviewRow | undefined): void {
    if (before === undefined || before.since >= this.#position) return;
    this.#rows.put(FORMER_REVIEWS, { ...before, until: this.#position });
  }
}

/** Tables are compared as what they are: the very same object. */
function is(table: object, other: object): boolean {
  return table === other;
}

/** Whether readers see a difference. Notes kept for the fold alone are not history; when it was touched has its own column. */
function isSeenOtherwise(a: IdentifierRow, b: IdentifierRow): boolean {
  return (
    a.customer !== b.customer ||
    a.shared !== b.shared ||
    a.kind !== b.kind ||
    a.owner !== b.owner ||
    (a.value === null) !== (b.value === null)
  );
}
