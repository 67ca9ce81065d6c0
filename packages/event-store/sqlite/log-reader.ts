import type { Database, Statement } from 'better-sqlite3';
import { EventStoreError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event-store.ts';
import { BoundedCache } from './bounded-cache.ts';
import { toEventStoreError } from './sqlite-errors.ts';
import { fromStoredHex } from './stored-id.ts';

type EventRow = [
  position: number,
  stream: number,
  version: number,
  hexId: string,
  type: number,
  fingerprint: string,
  recordedAt: number,
  data: string,
];

const COLUMNS = 'position, stream, version, lower(hex(id)), type, fingerprint, recorded_at, data';
const POSITION = 0;
const DATA = 7;
/** A page is read in pieces, so that it can end when it has grown large: at most one piece more than this. */
const PIECE_EVENTS = 32;
const MAX_PAGE_CHARACTERS = 4 * 1_048_576;
/** The names of streams and types are looked up once and kept: joining them in would halve the speed. */
const MAX_CACHED_TYPES = 1_000;

/** Reads the log on the calling thread, a page at a time; no cursor outlives a call. */
export class LogReader {
  readonly #db: Database;
  readonly #streams: BoundedCache<number, string>;
  readonly #types = new BoundedCache<number, string>(MAX_CACHED_TYPES);
  readonly #all: Statement<[after: number, limit: number], EventRow>;
  readonly #stream: Statement<[stream: string, from: number, limit: number], EventRow>;
  readonly #head: Statement<[], number | null>;
  readonly #dataVersion: Statement<[], number>;
  readonly #streamName: Statement<[id: number], string>;
  readonly #typeName: Statement<[id: number], string>;

  constructor(db: Database, maxCachedStreams: number) {
    this.#db = db;
    this.#streams = new BoundedCache(maxCachedStreams);
    this.#all = db
      .prepare<[number, number], EventRow>(
        `SELECT ${COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`,
      )
      .raw();
    this.#stream = db
      .prepare<[string, number, number], EventRow>(
        `SELECT ${COLUMNS} FROM events
         WHERE stream = (SELECT id FROM streams WHERE name = ?) AND version >= ? ORDER BY version LIMIT ?`,
      )
      .raw();
    this.#head = db.prepare<[], number | null>('SELECT max(position) FROM events').pluck();
    this.#dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
    this.#streamName = db.prepare<[number], string>('SELECT name FROM streams WHERE id = ?').pluck();
    this.#typeName = db.prepare<[number], string>('SELECT name FROM types WHERE id = ?').pluck();
  }

  /** May answer fewer than there are: a page of the largest events must fit in memory as well. */
  readAll(after: Position, limit: number): readonly RecordedEvent[] {
    return this.#read(() => {
      const events: RecordedEvent[] = [];
      let position = toStoredPosition(after);
      for (let characters = 0; events.length < limit && characters < MAX_PAGE_CHARACTERS; ) {
        const wanted = Math.min(limit - events.length, PIECE_EVENTS);
        const rows = this.#all.all(position, wanted);
        for (const row of rows) characters += row[DATA].length;
        events.push(...this.#toEvents(rows));
        position = rows.at(-1)?.[POSITION] ?? position;
        if (rows.length < wanted) break;
      }
      return events;
    });
  }

  readStream(stream: string, from: number, limit: number): readonly RecordedEvent[] {
    return this.#read(() => this.#toEvents(this.#stream.all(stream, from, limit)));
  }

  head(): Position {
    return this.#read(() => BigInt(this.#head.get() ?? 0));
  }

  /** Differs from an earlier answer when another connection, of this process or another, has committed since. */
  dataVersion(): number {
    return this.#read(() => this.#dataVersion.get() ?? 0);
  }

  close(): void {
    this.#db.close();
  }

  #read<Answer>(read: () => Answer): Answer {
    try {
      return read();
    } catch (error) {
      throw toEventStoreError(error);
    }
  }

  #toEvents(rows: readonly EventRow[]): readonly RecordedEvent[] {
    return rows.map(([position, stream, version, hexId, type, fingerprint, recordedAt, data]) => ({
      position: BigInt(position),
      stream: this.#streams.get(stream) ?? this.#lookUp(this.#streams, this.#streamName, stream),
      version,
      id: fromStoredHex(hexId),
      type: this.#types.get(type) ?? this.#lookUp(this.#types, this.#typeName, type),
      fingerprint,
      recordedAt,
      data,
    }));
  }

  #lookUp(names: BoundedCache<number, string>, statement: Statement<[number], string>, id: number): string {
    const name = statement.get(id);
    if (name === undefined)
      throw new EventStoreError('event-store-corrupt', `a name (${id}) is missing from the log`);
    names.set(id, name);
    return name;
  }
}

/** Beyond the largest safe integer there is never an event. */
function toStoredPosition(position: Position): number {
  return Number(position < Number.MAX_SAFE_INTEGER ? position : Number.MAX_SAFE_INTEGER);
}
