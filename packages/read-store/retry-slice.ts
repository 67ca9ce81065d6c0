import type { Folder } from './folder.ts';
import type { ParkedRow } from './parking.ts';
import type { Foldable } from './projection.ts';
import { type SubjectReader, WaitingEvents } from './waiting-events.ts';

export interface RetrySlice {
  readonly folded: number;
  readonly waiting: number;
  readonly reason: string | undefined;
  /** Position of the last event folded. */
  readonly position: bigint | undefined;
  /** The customer as it is called after that. */
  readonly customer: string;
}

/**
 * Folds what waits for a customer, oldest first across its data subjects, up to the read model's own position `upTo`: later
 * events come the ordinary way. Stops after `maxEvents`, with everything settled so that the rows can be written.
 * Memory is bounded by one page per data subject.
 */
export async function retrySlice<Event extends Foldable>(
  customer: string,
  folder: Folder<Event>,
  reader: SubjectReader<Event>,
  { upTo, maxEvents }: { upTo: bigint; maxEvents: number },
): Promise<RetrySlice> {
  const queues: WaitingEvents<Event>[] = [];
  const open = async (rows: readonly ParkedRow[]): Promise<void> => {
    const missing = rows.filter((row) => !queues.some((queue) => queue.row.subject === row.subject));
    queues.push(...(await Promise.all(missing.map((row) => WaitingEvents.open(row, reader, upTo)))));
  };
  await open(await folder.asking(() => folder.parking.of(customer)));
  let folded = 0;
  let reason: string | undefined;
  let position: bigint | undefined;
  let current = customer;
  while (folded < maxEvents) {
    const next = oldest(queues);
    if (next?.first === undefined) break;
    reason = await folder.foldWaiting(next.first);
    if (reason !== undefined) break;
    folded++;
    position = next.first.position;
    await next.advance();
    // A fold that failed in the routing may only now join this customer with one that waits too.
    const { subject } = next.row;
    current = await folder.asking(() => folder.parking.customerOf(subject));
    await open(await folder.asking(() => folder.parking.of(current)));
  }
  const waiting = settle(folder, queues, reason);
  return { folded, waiting, position, reason, customer: current };
}

/** Takes folded data subjects off the parked list and shortens the others. */
function settle<Event extends Foldable>(
  folder: Folder<Event>,
  queues: readonly WaitingEvents<Event>[],
  reason: string | undefined,
): number {
  const failing = oldest(queues);
  let waiting = 0;
  for (const queue of queues) {
    const row = queue.settled(queue === failing ? reason : undefined);
    folder.parking.settle(row);
    waiting += row.waiting;
  }
  folder.rows.keep();
  return waiting;
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
