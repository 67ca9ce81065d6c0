import { ReadStoreError } from './errors.ts';
import type { ParkedRow } from './parking.ts';
import type { Foldable } from './projection.ts';

const PAGE_EVENTS = 1_000;

export interface SubjectReader<Event> {
  readSubject(subject: string, options: { from: number; limit: number }): Promise<readonly Event[]>;
}

/** What waits of one parked data subject, in order, read page by page. */
export class WaitingEvents<Event extends Foldable> {
  readonly row: ParkedRow;
  #taken = 0;
  readonly #reader: SubjectReader<Event>;
  readonly #upTo: bigint;
  #page: readonly Event[] = [];
  #at = 0;

  private constructor(row: ParkedRow, reader: SubjectReader<Event>, upTo: bigint) {
    this.row = row;
    this.#reader = reader;
    this.#upTo = upTo;
  }

  static async open<Event extends Foldable>(
    row: ParkedRow,
    reader: SubjectReader<Event>,
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
    this.#taken++;
    this.#at++;
    if (this.#at === this.#page.length && last !== undefined) await this.#turnPage(last.version + 1);
  }

  /** The parked row as it is after what was taken. A log that ends before what waits in it is not the log it was. */
  settled(reason: string | undefined): ParkedRow {
    const { first } = this;
    const waiting = this.row.waiting - this.#taken;
    if (first === undefined && waiting > 0)
      throw new ReadStoreError(
        'read-store-corrupt',
        `the log ends before the events that wait for data subject ${this.row.subject}`,
      );
    if (first === undefined) return { ...this.row, waiting: 0 };
    const isSame = this.#taken === 0;
    return {
      ...this.row,
      version: first.version,
      position: Number(first.position),
      recordedAt: first.recordedAt,
      waiting: Math.max(waiting, 1),
      reason: reason ?? (isSame ? this.row.reason : ''),
    };
  }

  async #turnPage(from: number): Promise<void> {
    this.#page = await this.#reader.readSubject(this.row.subject, { from, limit: PAGE_EVENTS });
    this.#at = 0;
  }
}
