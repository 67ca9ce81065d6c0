import { isFlaw } from '../input/flaw.ts';
import type { Entry, InputItem, Reject } from './entry.ts';

export const MAX_BATCH_EVENTS = 1_000;
const MAX_BATCH_BYTES = 1024 * 1024;

/** Items in the order of the input: touchpoints to send, and flaws met among them. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly flaws: readonly Reject[];
  /** How far the input was when it was put together, in the units of its stage. */
  readonly done: number;
}

export interface BatchLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Cuts items into batches, leaving out the first `skip` of them. */
export async function* batchesOf(
  items: AsyncIterable<InputItem>,
  doneSoFar: () => number,
  skip = 0,
  { maxEvents, maxBytes }: BatchLimits = { maxEvents: MAX_BATCH_EVENTS, maxBytes: MAX_BATCH_BYTES },
): AsyncGenerator<Batch> {
  let entries: Entry[] = [];
  let flaws: Reject[] = [];
  let bytes = 0;
  let seen = 0;
  for await (const item of items) {
    seen += 1;
    if (seen <= skip) continue;
    if (isFlaw(item)) flaws.push({ code: 'unusable-line', ...item });
    else {
      entries.push(item);
      bytes += item.json.length;
    }
    if (entries.length + flaws.length < maxEvents && bytes < maxBytes) continue;
    yield { entries, flaws, done: doneSoFar() };
    entries = [];
    flaws = [];
    bytes = 0;
  }
  if (entries.length + flaws.length > 0) yield { entries, flaws, done: doneSoFar() };
}

const NEWLINE = Buffer.from('\n');

export function bodyOf(entries: readonly Entry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ json }) => [typeof json === 'string' ? Buffer.from(json) : json, NEWLINE]),
  );
}
