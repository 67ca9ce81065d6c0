import { IDENTIFIERS } from '@touchline/identity';
import type { ReadModelReader, Snapshot } from '@touchline/read-store';
import { entriesTable } from './projections/entries.ts';
import { currentCustomer, dataSubjectsOf } from './queries/customers.ts';

/** `entry`: one more entry. `customer`: other data subjects make up the customer now (a merge, its undo): read the timeline again. */
export type LiveEvent =
  | { readonly kind: 'entry'; readonly position: string; readonly entry: string }
  | { readonly kind: 'customer'; readonly position: string; readonly customerid: string };

/** Entries sent at most between two looks; what is left comes with the next look. */
const MAX_ENTRIES_PER_LOOK = 500;
/** Up to here it is cheaper to look at every new entry of the log than at every old one of the customer. */
const MAX_LOG_SCAN = 2_000;

interface Row {
  readonly position: number;
  readonly entry: string;
}

/**
 * New entries of one customer after a position, in log order, without gap or repeat, as they become readable. Pull-based: a slow
 * reader costs no memory, it is given its entries later. Ends when `signal` aborts.
 */
export async function* liveEntries(
  reader: ReadModelReader,
  customerid: string,
  { after, signal }: { after: bigint; signal: AbortSignal },
): AsyncIterable<LiveEvent> {
  let sent = after;
  let known: string | undefined;
  for await (const _ of reader.moves({ after, signal })) {
    for (;;) {
      const look = await reader.read((snapshot) => lookAt(snapshot, customerid, sent));
      if (known !== undefined && known !== look.subjects)
        yield { kind: 'customer', position: String(sent), customerid: look.customerid };
      known = look.subjects;
      for (const { position, entry } of look.rows) yield { kind: 'entry', position: String(position), entry };
      sent = look.upTo;
      if (look.rows.length < MAX_ENTRIES_PER_LOOK || signal.aborted) break;
    }
  }
}

interface Look {
  readonly customerid: string;
  /** Identity of the set of data subjects. */
  readonly subjects: string;
  readonly rows: readonly Row[];
  readonly upTo: bigint;
}

async function lookAt(snapshot: Snapshot, id: string, after: bigint): Promise<Look> {
  const customerid = (await currentCustomer(snapshot, id)) ?? id;
  const rows =
    snapshot.position - after <= BigInt(MAX_LOG_SCAN)
      ? await newInLog(snapshot, customerid, after)
      : await newOfCustomer(snapshot, customerid, after);
  const last = rows.at(-1);
  const upTo =
    rows.length < MAX_ENTRIES_PER_LOOK || last === undefined ? snapshot.position : BigInt(last.position);
  const subjects = (await dataSubjectsOf(snapshot, customerid)).sort().join(' ');
  return { customerid, subjects, rows, upTo };
}

function newInLog(snapshot: Snapshot, customerid: string, after: bigint): Promise<Row[]> {
  return snapshot.all<Row>(
    `SELECT e.position, e.entry FROM ${entriesTable.name} e JOIN ${IDENTIFIERS.name} i ON i.subject = e.subject
     WHERE e.position > ? AND i.customer = ? ORDER BY e.position LIMIT ?`,
    [Number(after), customerid, MAX_ENTRIES_PER_LOOK],
  );
}

/** Without `ORDER BY` on the primary key alone the database would walk the whole log to find a few old entries. */
function newOfCustomer(snapshot: Snapshot, customerid: string, after: bigint): Promise<Row[]> {
  return snapshot.all<Row>(
    `SELECT position, entry FROM ${entriesTable.name} WHERE position IN (
       SELECT e.position FROM ${IDENTIFIERS.name} i JOIN ${entriesTable.name} e ON e.subject = i.subject
       WHERE i.customer = ? AND e.position > ?)
     ORDER BY position LIMIT ?`,
    [customerid, Number(after), MAX_ENTRIES_PER_LOOK],
  );
}
