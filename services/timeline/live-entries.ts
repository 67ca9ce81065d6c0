import type { ReadModelReader, Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { entriesTable } from './projections/entries.ts';
import { amendedEntry, FOUND_ENTRY, type FoundEntry, served } from './queries/amended-entry.ts';
import { currentCustomer, dataSubjectsOf } from './queries/customers.ts';
import { type Touched, touchedSince } from './queries/touched-entries.ts';

/**
 * `entry`: one more entry, or one that was corrected or retracted, as it is now. `customer`: other data subjects make up the
 * customer now (a merge, its undo): read the timeline again. Going on after `position` misses nothing.
 */
export type LiveEvent =
  | { readonly kind: 'entry'; readonly position: string; readonly entry: string }
  | { readonly kind: 'customer'; readonly position: string; readonly customerid: string };

/** Entries sent at most between two looks, by number and by size; what is left comes with the next look. */
const MAX_ENTRIES_PER_LOOK = 500;
const MAX_CHARACTERS_PER_LOOK = 1_000_000;

/**
 * What reads differently on one customer's timeline after a position, in log order, without gap, as it becomes readable. An
 * entry amended several times between two looks comes once. Pull-based: a slow reader costs no memory, it is given its
 * entries later. Ends when `signal` aborts.
 */
export async function* liveEntries(
  reader: ReadModelReader,
  catalogue: Catalogue,
  customerid: string,
  { after, signal }: { after: bigint; signal: AbortSignal },
): AsyncIterable<LiveEvent> {
  let sent = after;
  let known: string | undefined;
  for await (const _ of reader.moves({ after, signal })) {
    for (;;) {
      const look = await reader.read((snapshot) => lookAt(snapshot, catalogue, customerid, sent));
      if (known !== undefined && known !== look.subjects)
        yield { kind: 'customer', position: String(sent), customerid: look.customerid };
      known = look.subjects;
      yield* look.entries;
      // After a rollback readers may be further back for a while: what was sent is not sent again.
      if (look.upTo > sent) sent = look.upTo;
      if (look.isWhole || signal.aborted) break;
    }
  }
}

interface Look {
  readonly customerid: string;
  /** Identity of the set of data subjects. */
  readonly subjects: string;
  readonly entries: readonly LiveEvent[];
  readonly upTo: bigint;
  /** Nothing is left for the next look. */
  readonly isWhole: boolean;
}

async function lookAt(snapshot: Snapshot, catalogue: Catalogue, id: string, after: bigint): Promise<Look> {
  const customerid = (await currentCustomer(snapshot, id)) ?? id;
  const touched = await touchedSince(snapshot, customerid, after, MAX_ENTRIES_PER_LOOK);
  const subjects = (await dataSubjectsOf(snapshot, customerid)).sort().join(' ');
  const events = eventsIn(touched);
  const entries: LiveEvent[] = [];
  const shown = new Set<number>();
  let upTo = after;
  let characters = 0;
  for (const [number, event] of events.entries()) {
    const texts = await textsOf(snapshot, catalogue, event, shown);
    // The entries of one event share its position. Only the last bears it: who is cut off between them is given both again.
    for (const [at, entry] of texts.entries())
      entries.push({
        kind: 'entry',
        position: at === texts.length - 1 ? String(event.at) : String(upTo),
        entry,
      });
    upTo = BigInt(event.at);
    characters += texts.reduce((sum, text) => sum + text.length, 0);
    if (characters > MAX_CHARACTERS_PER_LOOK && number < events.length - 1)
      return { customerid, subjects, entries, upTo, isWhole: false };
  }
  const isWhole = touched.length < MAX_ENTRIES_PER_LOOK;
  return { customerid, subjects, entries, upTo: isWhole ? snapshot.position : upTo, isWhole };
}

interface TouchingEvent {
  readonly at: number;
  readonly positions: readonly number[];
}

/** By event. Where there may be more, the last one is left for the next look: not all that it touched may be here. */
function eventsIn(touched: readonly Touched[]): readonly TouchingEvent[] {
  const events = [...Map.groupBy(touched, ({ at }) => at)].map(([at, of]) => ({
    at,
    positions: of.map(({ position }) => position),
  }));
  return touched.length < MAX_ENTRIES_PER_LOOK || events.length === 1 ? events : events.slice(0, -1);
}

async function textsOf(
  snapshot: Snapshot,
  catalogue: Catalogue,
  { positions }: TouchingEvent,
  shown: Set<number>,
): Promise<string[]> {
  const texts: string[] = [];
  for (const position of positions) {
    if (shown.has(position)) continue;
    shown.add(position);
    const [row] = await snapshot.all<FoundEntry>(
      `SELECT ${FOUND_ENTRY} FROM ${entriesTable.name} e WHERE e.position = ?`,
      [position],
    );
    if (row === undefined) continue;
    const amended = await amendedEntry(snapshot, row);
    texts.push(
      amended === undefined ? row.entry : JSON.stringify(await served(snapshot, amended, catalogue)),
    );
  }
  return texts;
}
