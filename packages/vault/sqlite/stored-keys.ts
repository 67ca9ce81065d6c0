import type { Database, Statement } from 'better-sqlite3';
import { numberOfKeyId } from '../key-number.ts';
import type { SubjectKey } from '../key-ring.ts';
import { unknownKeys, unwrapKeys } from '../key-rows.ts';

type KeyRow = [number: number, subject: string, shredded: number, wrapped: Buffer];

/** Reads keys from the file and unwraps them. Each call is one read. */
export class StoredKeys {
  readonly #masterKey: Buffer;
  readonly #bySubject: Statement<[string], KeyRow>;
  readonly #byNumber: Statement<[string], KeyRow>;
  readonly #shreds: Statement<[], number>;

  constructor(database: Database, masterKey: Buffer) {
    const columns = 'SELECT number, subject, shredded, wrapped FROM keys';
    this.#masterKey = masterKey;
    this.#bySubject = database
      .prepare<[string], KeyRow>(
        `${columns} WHERE shredded = 0 AND subject IN (SELECT value FROM json_each(?))`,
      )
      .raw();
    this.#byNumber = database
      .prepare<[string], KeyRow>(`${columns} WHERE number IN (SELECT value FROM json_each(?))`)
      .raw();
    this.#shreds = database.prepare<[], number>('SELECT count FROM shreds').pluck();
  }

  /** How many keys were shredded so far, by any process. */
  shreds(): number {
    return this.#shreds.get() ?? 0;
  }

  /** Current keys of the data subjects that have one. */
  ofSubjects(subjects: readonly string[]): SubjectKey[] {
    return this.#unwrapAll(this.#bySubject.all(JSON.stringify(subjects)));
  }

  /** Keys that are not shredded. Throws `key-unknown` for ids this file never gave. */
  withIds(ids: readonly string[]): SubjectKey[] {
    const numbers = ids.map((id) => numberOfKeyId(id) ?? 0);
    const rows = this.#byNumber.all(JSON.stringify(numbers));
    const known = new Set(rows.map(([number]) => number));
    const unknown = ids.filter((_, index) => !known.has(numbers[index] ?? 0));
    if (unknown.length > 0) throw unknownKeys(unknown);
    return this.#unwrapAll(rows.filter(([, , shredded]) => shredded === 0));
  }

  #unwrapAll(rows: readonly KeyRow[]): SubjectKey[] {
    return unwrapKeys(
      this.#masterKey,
      rows.map(([number, subject, , wrapped]) => ({ number, subject, wrapped })),
    );
  }
}
