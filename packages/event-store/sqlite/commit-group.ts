import type { Append, NewEvent } from '../event-store.ts';
import { type CommitGroup, toVersion } from './writer-protocol.ts';

export interface GroupedAppend {
  /** Place in the group. */
  readonly index: number;
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

export function emptyGroup(now: number): CommitGroup {
  return { now, streams: [], expected: [], sizes: [], ids: [], types: [], fingerprints: [], data: [] };
}

export function addToGroup(group: CommitGroup, append: Append): void {
  group.streams.push(append.stream);
  group.expected.push(toVersion(append.expected));
  group.sizes.push(append.events.length);
  for (const { id, type, fingerprint, data } of append.events) {
    group.ids.push(id);
    group.types.push(type);
    group.fingerprints.push(fingerprint);
    group.data.push(data);
  }
}

/** The appends again, on the other side. */
export function* appendsOf(group: CommitGroup): Generator<GroupedAppend> {
  let first = 0;
  for (const [index, size] of group.sizes.entries()) {
    yield {
      index,
      stream: at(group.streams, index),
      expected: at(group.expected, index),
      events: eventsOf(group, first, size),
    };
    first += size;
  }
}

function eventsOf(group: CommitGroup, first: number, size: number): NewEvent[] {
  const events: NewEvent[] = [];
  for (let event = first; event < first + size; event += 1) {
    events.push({
      id: at(group.ids, event),
      type: at(group.types, event),
      fingerprint: at(group.fingerprints, event),
      data: at(group.data, event),
    });
  }
  return events;
}

function at<Value>(column: readonly Value[], index: number): Value {
  const value = column[index];
  if (value === undefined) throw new RangeError(`a column of the group ends before ${index}`);
  return value;
}
