import type { Append, NewEvent } from '../event-store.ts';
import { type CommitGroup, toVersion } from './writer-protocol.ts';

export interface GroupedAppend {
  /** Place in the group. */
  readonly index: number;
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

export function toGroup(now: number, appends: readonly Append[]): CommitGroup {
  const columns: Omit<CommitGroup, 'now' | 'lengths' | 'data'> = {
    streams: [],
    expected: [],
    sizes: [],
    ids: [],
    types: [],
    fingerprints: [],
  };
  const documents: NewEvent['data'][] = [];
  for (const { stream, expected, events } of appends) {
    columns.streams.push(stream);
    columns.expected.push(toVersion(expected));
    columns.sizes.push(events.length);
    for (const { id, type, fingerprint, data } of events) {
      columns.ids.push(id);
      columns.types.push(type);
      columns.fingerprints.push(fingerprint);
      documents.push(data);
    }
  }
  const lengths = documents.map(bytesIn);
  return { now, ...columns, lengths, data: joined(documents, lengths) };
}

function bytesIn(document: NewEvent['data']): number {
  return typeof document === 'string' ? Buffer.byteLength(document) : document.length;
}

/** In memory of its own, so that it can be handed over. */
function joined(documents: readonly NewEvent['data'][], lengths: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(lengths.reduce((sum, length) => sum + length, 0));
  let start = 0;
  for (let index = 0; index < documents.length; index++) {
    const document = at(documents, index);
    if (typeof document === 'string') bytes.write(document, start);
    else bytes.set(document, start);
    start += at(lengths, index);
  }
  return bytes;
}

/** The appends again, on the other side. */
export function* appendsOf(group: CommitGroup): Generator<GroupedAppend> {
  let first = 0;
  let start = 0;
  for (const [index, size] of group.sizes.entries()) {
    const events: NewEvent[] = [];
    for (let event = first; event < first + size; event += 1) {
      const end = start + at(group.lengths, event);
      events.push(eventOf(group, event, group.data.subarray(start, end)));
      start = end;
    }
    yield { index, stream: at(group.streams, index), expected: at(group.expected, index), events };
    first += size;
  }
}

function eventOf(group: CommitGroup, index: number, data: Uint8Array): NewEvent {
  return {
    id: at(group.ids, index),
    type: at(group.types, index),
    fingerprint: at(group.fingerprints, index),
    data,
  };
}

function at<Value>(column: readonly Value[], index: number): Value {
  const value = column[index];
  if (value === undefined) throw new RangeError(`a column of the group ends before ${index}`);
  return value;
}
