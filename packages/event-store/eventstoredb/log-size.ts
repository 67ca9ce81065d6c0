import type { Position } from '../event-store.ts';
import type { Deadline } from './deadline.ts';
import { isOurs, positionOf } from './event-codec.ts';
import type { LogReader } from './log-reader.ts';

const SAMPLE_RECORDS = 200;
/** The room an event is taken to need while there are too few to tell. */
const ASSUMED_EVENT_BYTES = 1_000;
/** For so long the same answer is given: a progress that is measured twice must not jump. */
const MAX_SAMPLE_AGE_MS = 60_000;

/**
 * Estimates how many events lie between two positions. Nobody counts them: positions are places in a file, so it is the
 * distance divided by what the last events needed, whatever lies between them included.
 */
export class LogSize {
  readonly #reader: LogReader;
  #sample: { readonly eventBytes: number; readonly at: number } | undefined;

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  /** At least 1 when `upTo` is after `after`. */
  async between(after: Position, upTo: Position, deadline: Deadline): Promise<number> {
    if (upTo <= after) return 0;
    return Math.max(1, Math.round(Number(upTo - after) / (await this.#eventBytes(deadline))));
  }

  async #eventBytes(deadline: Deadline): Promise<number> {
    const now = performance.now();
    if (this.#sample !== undefined && now - this.#sample.at < MAX_SAMPLE_AGE_MS)
      return this.#sample.eventBytes;
    const records = await this.#reader.lastRecords(SAMPLE_RECORDS, deadline);
    const positions = records.filter(isOurs).flatMap((record) => positionOf(record) ?? []);
    const [last = 0n] = positions;
    const first = positions.at(-1) ?? 0n;
    const eventBytes =
      positions.length > 1 ? Number(last - first) / (positions.length - 1) : ASSUMED_EVENT_BYTES;
    this.#sample = { eventBytes, at: now };
    return eventBytes;
  }
}
