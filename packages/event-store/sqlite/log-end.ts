import assert from 'node:assert';
import type { NewEvent } from '../event-store.ts';
import { BoundedCache } from './bounded-cache.ts';
import { toStoredId } from './stored-id.ts';
import type { StoredEvent, WriteStatements } from './write-statements.ts';
import { NO_VERSION } from './writer-protocol.ts';

/** More than memory can hold. */
const MAX_TRANSACTION_EVENTS = 2 ** 32;

export interface StreamEnd {
  readonly id: number;
  /** Of the last event. */
  version: number;
}

/**
 * Where the log and its streams end, and how the next event gets there. To be used inside a write transaction,
 * after `refresh`. What it remembers from one transaction to the next is dropped when another connection wrote.
 */
export class LogEnd {
  readonly #sql: WriteStatements;
  readonly #streams: BoundedCache<string, StreamEnd>;
  readonly #types = new Map<string, number>();
  #dataVersion: number | undefined;
  #position = 0;
  #recordedAt = 0;

  constructor(sql: WriteStatements, maxCachedStreams: number) {
    this.#sql = sql;
    this.#streams = new BoundedCache(maxCachedStreams);
  }

  /** `now` is what the events are recorded at, unless the log has seen a later time already. */
  refresh(now: number): void {
    const dataVersion = this.#sql.dataVersion.get();
    if (dataVersion !== this.#dataVersion) {
      this.forget();
      [this.#position, this.#recordedAt] = this.#sql.last.get() ?? [0, 0];
      // Beyond it SQLite's integers are rounded on their way to JavaScript.
      assert(
        Number.isSafeInteger(this.#position + MAX_TRANSACTION_EVENTS),
        'the log has run out of positions',
      );
      this.#dataVersion = dataVersion;
    }
    this.#recordedAt = Math.max(this.#recordedAt, Math.trunc(now));
  }

  /** After a rollback nothing that was remembered holds. */
  forget(): void {
    this.#dataVersion = undefined;
    this.#streams.clear();
    this.#types.clear();
  }

  find(id: string): StoredEvent | undefined {
    return this.#sql.findEvent.get(toStoredId(id));
  }

  stream(name: string): StreamEnd | undefined {
    const cached = this.#streams.get(name);
    if (cached) return cached;
    const row = this.#sql.findStream.get(name);
    return row && this.#remember(name, { id: row[0], version: row[1] ?? NO_VERSION });
  }

  createStream(name: string): StreamEnd {
    const { lastInsertRowid } = this.#sql.insertStream.run(name);
    return this.#remember(name, { id: Number(lastInsertRowid), version: NO_VERSION });
  }

  /** Inserts at the end of log and stream. Answers the position, or `undefined` when the id is there already. */
  insert(stream: StreamEnd, event: NewEvent): number | undefined {
    const position = this.#position + 1;
    const version = stream.version + 1;
    const { changes } = this.#sql.insertEvent.run(
      position,
      stream.id,
      version,
      toStoredId(event.id),
      this.#typeId(event.type),
      event.fingerprint,
      this.#recordedAt,
      event.data,
    );
    if (changes === 0) return undefined;
    this.#position = position;
    stream.version = version;
    return position;
  }

  #remember(name: string, stream: StreamEnd): StreamEnd {
    this.#streams.set(name, stream);
    return stream;
  }

  #typeId(name: string): number {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const id = this.#sql.findType.get(name) ?? Number(this.#sql.insertType.run(name).lastInsertRowid);
    this.#types.set(name, id);
    return id;
  }
}
