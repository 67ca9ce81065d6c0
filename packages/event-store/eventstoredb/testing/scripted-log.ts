import { EventEmitter } from 'node:events';

/** What a scripted server keeps of an event. */
export interface ScriptedRecord {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

export type Proposed = Pick<ScriptedRecord, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

export type Expected = 'any' | 'no-stream' | number;

export type Written =
  | { readonly lastRevision: number; readonly position: bigint }
  | { readonly actual: number | undefined };

const HEADER_BYTES = 150;
/** After so many appends the system, and somebody else, write something too. */
const APPENDS_PER_FOREIGN_EVENT = 3;
const NOTHING = new Uint8Array();

/**
 * A log in memory that behaves as an EventStoreDB is documented to: positions are places in a file, the system writes into it
 * as well, and an id is recognised under an expected revision exactly, under `any` while it is remembered.
 */
export class ScriptedLog {
  readonly #records: ScriptedRecord[] = [];
  readonly #streams = new Map<string, ScriptedRecord[]>();
  readonly #growth = new EventEmitter().setMaxListeners(0);
  #end = 0n;
  #appends = 0;

  constructor() {
    // A real log begins with records of the system too: nothing of a user is ever at position 0.
    this.#store('$epoch', systemEvent());
  }

  append(stream: string, events: readonly Proposed[], expected: Expected): Written {
    const streamRecords = this.#streams.get(stream) ?? [];
    const last = streamRecords.at(-1)?.revision;
    const repeated = expected === 'any' ? undefined : this.#repeatOf(streamRecords, events, expected);
    if (repeated !== undefined) return { lastRevision: repeated.revision, position: repeated.position };
    const wanted = expected === 'no-stream' ? undefined : expected;
    if (expected !== 'any' && wanted !== last) return { actual: last };
    for (const event of events) this.#store(stream, event);
    const written = this.#streams.get(stream)?.at(-1);
    this.#appends += 1;
    if (this.#appends % APPENDS_PER_FOREIGN_EVENT === 0) this.writeForeignEvents();
    this.#growth.emit('growth');
    return { lastRevision: written?.revision ?? -1, position: written?.position ?? 0n };
  }

  writeForeignEvents(): void {
    this.#store('$stats-127.0.0.1:2113', systemEvent());
    this.#store('somebody-else', { ...systemEvent(), type: 'theirs' });
    this.#growth.emit('growth');
  }

  stream(name: string): readonly ScriptedRecord[] {
    return this.#streams.get(name) ?? [];
  }

  /** In the order of the log; `from` is an index. */
  slice(from: number, end?: number): readonly ScriptedRecord[] {
    return this.#records.slice(from, end);
  }

  /** Index of the first record at or after a position. */
  indexOf(position: bigint): number {
    let [low, high] = [0, this.#records.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records[middle]?.position ?? 0n) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get size(): number {
    return this.#records.length;
  }

  onGrowth(listener: () => void): () => void {
    this.#growth.on('growth', listener);
    return () => void this.#growth.off('growth', listener);
  }

  /** The last of these events, if they are all where the expectation would have put them. */
  #repeatOf(
    records: readonly ScriptedRecord[],
    events: readonly Proposed[],
    expected: 'no-stream' | number,
  ): ScriptedRecord | undefined {
    const first = expected === 'no-stream' ? 0 : expected + 1;
    const isRepeat = events.every(({ id }, index) => records[first + index]?.id === id);
    return isRepeat ? records[first + events.length - 1] : undefined;
  }

  #store(stream: string, event: Proposed): void {
    const records = this.#streams.get(stream) ?? [];
    const record = { ...event, position: this.#end, stream, revision: records.length, created: Date.now() };
    this.#streams.set(stream, records);
    records.push(record);
    this.#records.push(record);
    this.#end += BigInt(HEADER_BYTES + stream.length + event.data.length + event.metadata.length);
  }
}

function systemEvent(): Proposed {
  const data = Buffer.from('{}');
  return {
    id: crypto.randomUUID(),
    type: '$system',
    contentType: 'application/json',
    data,
    metadata: NOTHING,
  };
}
