import type { Folder } from './folder.ts';
import type { ParkedRow } from './parking.ts';
import type { Foldable } from './projection.ts';
import { type SubjectReader, WaitingEvents } from './waiting-events.ts';

export interface RetrySlice {
  /** Positions of events folded, in order. */
  readonly folded: readonly bigint[];
  readonly waiting: number;
  readonly reason: string | undefined;
  /** Data subjects that wait still. */
  readonly held: readonly string[];
}

/**
 * Folds what waits for the customers of some data subjects, oldest first across all of theirs, up to the read model's own position `upTo`: later
 * events come the ordinary way. Stops after `maxEvents`, with everything settled so that the rows can be written.
 * Memory is bounded by one page per data subject.
 */
export async function retrySlice<Event extends Foldable>(
  names: readonly string[],
  folder: Folder<Event>,
  reader: SubjectReader<Event>,
  { upTo, maxEvents }: { upTo: bigint; maxEvents: number },
): Promise<RetrySlice> {
  const queues: WaitingEvents<Event>[] = [];
  const open = async (some: readonly string[]): Promise<void> => {
    const rows = await folder.asking(() => folder.parking.sharedBy(some));
    const missing = rows.filter((row) => !queues.some((queue) => queue.row.subject === row.subject));
    queues.push(...(await Promise.all(missing.map((row) => WaitingEvents.open(row, reader, upTo)))));
  };
  await open(names);
  const folded: bigint[] = [];
  let reason: string | undefined;
  while (folded.length < maxEvents) {
    const next = oldest(queues);
    if (next?.first === undefined) break;
    reason = await folder.foldWaiting(next.first);
    if (reason !== undefined) break;
    folded.push(next.first.position);
    await next.advance();
    // A fold that failed in the routing may only now join this customer with one that waits too.
    await open([next.row.subject]);
  }
  const held = settle(folder, queues, reason);
  const waiting = held.reduce((sum, row) => sum + row.waiting, 0);
  return { folded, waiting, reason, held: held.map(({ subject }) => subject) };
}

/** Takes folded data subjects off the parked list and shortens the others, which it answers. */
function settle<Event extends Foldable>(
  folder: Folder<Event>,
  queues: readonly WaitingEvents<Event>[],
  reason: string | undefined,
): readonly ParkedRow[] {
  const failing = oldest(queues);
  const rows = queues.map((queue) => queue.settled(queue === failing ? reason : undefined));
  for (const row of rows) folder.parking.settle(row);
  folder.rows.keep();
  return rows.filter(({ waiting }) => waiting > 0);
}

function oldest<Event extends Foldable>(
  queues: readonly WaitingEvents<Event>[],
): WaitingEvents<Event> | undefined {
  let found: WaitingEvents<Event> | undefined;
  let position: bigint | undefined;
  for (const queue of queues) {
    const first = queue.first?.position;
    if (first === undefined || (position !== undefined && position <= first)) continue;
    position = first;
    found = queue;
  }
  return found;
}
