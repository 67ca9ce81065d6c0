import type { Folder } from './folder.ts';
import { type ParkedRow, parkedTable } from './parking.ts';
import type { Foldable } from './projection.ts';

const PAGE_EVENTS = 1_000;

export interface RetryOutcome {
  /** Events that waited and are folded now. */
  readonly folded: number;
  /** Events that still wait: from the first one on that fails again. */
  readonly waiting: number;
}

interface Reader<Event> {
  readSubject(subject: string, options: { from: number; limit: number }): Promise<readonly Event[]>;
}

/**
 * Folds what waits for a customer, oldest first across its data subjects, up to the read model's own position `upTo`: later
 * events come the ordinary way. Memory is bounded by one page per data subject.
 */
export async function retryParked<Event extends Foldable>(
  customer: string,
  folder: Folder<Event>,
  reader: Reader<Event>,
  upTo: bigint,
): Promise<RetryOutcome> {
  const parked = await parkedOf(customer, folder);
  const queues = await Promise.all(parked.map((row) => WaitingEvents.open(row, reader, upTo)));
  let folded = 0;
  for (;;) {
    const next = queues.filter((queue) => queue.first !== undefined).sort(byFirstPosition)[0];
    const event = next?.first;
    if (next === undefined || event === undefined) break;
    if (!(await folder.foldWaiting(event))) break;
    folded++;
    await next.advance();
  }
  return { folded, waiting: settle(folder, queues) };
}

async function parkedOf<Event extends Foldable>(
  customer: string,
  folder: Folder<Event>,
): Promise<readonly ParkedRow[]> {
  let parked: readonly ParkedRow[] = [];
  await folder.asking(() => {
    parked = folder.parking.of(customer);
  });
  return parked;
}

/** Takes folded data subjects off the parked list and shortens the others. */
function settle<Event extends Foldable>(
  folder: Folder<Event>,
  queues: readonly WaitingEvents<Event>[],
): number {
  let waiting = 0;
  for (const queue of queues) {
    const first = queue.first;
    if (first === undefined) folder.parking.release(queue.row.subject);
    else {
      const left = queue.row.waiting - queue.taken;
      waiting += left;
      folder.rows.put(parkedTable, {
        ...queue.row,
        version: first.version,
        position: Number(first.position),
        recordedAt: first.recordedAt,
        waiting: left,
      });
    }
  }
  folder.parking.customersMayHaveChanged();
  folder.rows.keep();
  return waiting;
}

class WaitingEvents<Event extends Foldable> {
  readonly row: ParkedRow;
  taken = 0;
  readonly #reader: Reader<Event>;
  readonly #upTo: bigint;
  #page: readonly Event[] = [];
  #at = 0;

  private constructor(row: ParkedRow, reader: Reader<Event>, upTo: bigint) {
    this.row = row;
    this.#reader = reader;
    this.#upTo = upTo;
  }

  static async open<Event extends Foldable>(
    row: ParkedRow,
    reader: Reader<Event>,
    upTo: bigint,
  ): Promise<WaitingEvents<Event>> {
    const queue = new WaitingEvents(row, reader, upTo);
    await queue.#turnPage(row.version);
    return queue;
  }

  get first(): Event | undefined {
    const event = this.#page[this.#at];
    return event !== undefined && event.position <= this.#upTo ? event : undefined;
  }

  async advance(): Promise<void> {
    const last = this.#page[this.#at];
    this.taken++;
    this.#at++;
    if (this.#at === this.#page.length && last !== undefined) await this.#turnPage(last.version + 1);
  }

  async #turnPage(from: number): Promise<void> {
    this.#page = await this.#reader.readSubject(this.row.subject, { from, limit: PAGE_EVENTS });
    this.#at = 0;
  }
}

function byFirstPosition(a: WaitingEvents<Foldable>, b: WaitingEvents<Foldable>): number {
  const left = a.first?.position ?? 0n;
  const right = b.first?.position ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}
