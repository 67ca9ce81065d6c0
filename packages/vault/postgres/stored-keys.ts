import { prepared } from '@touchline/postgres';
import { purposeOf } from '../key-number.ts';
import type { SubjectKey } from '../key-ring.ts';
import { type KeyRow, unknownKeys, unwrapKeys } from '../key-rows.ts';
import { newSecret, wrap } from '../key-wrap.ts';
import type { KeyConnections } from './key-connections.ts';
import { keyNumber, keyNumberOf, shelfOf } from './shelves.ts';

/** Keys as they were at one moment. */
export interface Look {
  /** Changes with every shred: what was remembered under another mark may be shredded. */
  readonly mark: string;
  readonly keys: readonly SubjectKey[];
}

type LookRow = { mark: string; number: string | null; subject: string; wrapped: Buffer };

/** One statement, so that the mark is as old as the keys; it answers the mark also where no key is asked for. */
const look = (asked: string, columns: string): string =>
  `SELECT shreds.mark, k.number, k.subject, k.wrapped
   FROM shreds LEFT JOIN (${asked} AS asked(${columns}) JOIN keys USING (${columns})) k ON true`;
const LOOK_SUBJECTS = look('unnest($1::smallint[], $2::text[])', 'shelf, subject');
const LOOK_NUMBERS = look('unnest($1::smallint[], $2::bigint[])', 'shelf, number');
const SHREDDED = 'SELECT number FROM shredded_keys WHERE number = ANY($1::bigint[])';
const SERIALS = "SELECT nextval('key_serials') AS serial FROM generate_series(1, $1::integer)";
const INSERT = `INSERT INTO keys (shelf, number, subject, wrapped)
  SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::text[], $4::bytea[])
  ON CONFLICT (shelf, subject) DO NOTHING`;

/** In one statement: far less than it has time for. */
const MAX_NEW_KEYS = 5_000;

/** Reads and makes keys, a batch at a time. */
export class StoredKeys {
  readonly #connections: KeyConnections;
  readonly #masterKey: Buffer;

  constructor(connections: KeyConnections, masterKey: Buffer) {
    this.#connections = connections;
    this.#masterKey = masterKey;
  }

  /** Current keys of the data subjects that have one. */
  async ofSubjects(subjects: readonly string[]): Promise<Look> {
    const { mark, rows } = await this.#look('subjects', LOOK_SUBJECTS, [subjects.map(shelfOf), subjects]);
    return { mark, keys: unwrapKeys(this.#masterKey, rows) };
  }

  /** Keys that are not shredded. Throws `key-unknown` for ids that were never given here. */
  async withIds(ids: readonly string[]): Promise<Look> {
    const asked = new Map(ids.map((id) => [id, keyNumberOf(id)]));
    const numbers = [...asked.values()].filter((number) => number !== undefined);
    const { mark, rows } = await this.#look('numbers', LOOK_NUMBERS, [
      numbers.map(({ shelf }) => shelf),
      numbers.map(({ number }) => number),
    ]);
    const known = new Set(rows.map(({ number }) => number));
    const absent = numbers.map(({ number }) => number).filter((number) => !known.has(number));
    if (absent.length > 0) for (const number of await this.#shredded(absent)) known.add(number);
    const unknown = ids.filter((id) => !known.has(asked.get(id)?.number ?? 0));
    if (unknown.length > 0) throw unknownKeys(unknown);
    return { mark, keys: unwrapKeys(this.#masterKey, rows) };
  }

  /**
   * A durable key for every data subject that has none. In the order of their names, so that two processes that make the
   * same keys wait for each other and not in a circle.
   */
  async create(subjects: readonly string[]): Promise<void> {
    const inOrder = [...subjects].sort();
    for (let from = 0; from < inOrder.length; from += MAX_NEW_KEYS)
      await this.#insert(inOrder.slice(from, from + MAX_NEW_KEYS));
  }

  #insert(inOrder: readonly string[]): Promise<void> {
    return this.#connections.repeat(async (client) => {
      const { rows } = await client.query<{ serial: string }>(prepared('serials', SERIALS, [inOrder.length]));
      const made = inOrder.map((subject, index) => this.#newKey(subject, Number(rows[index]?.serial)));
      await client.query(
        prepared('insert', INSERT, [
          made.map(({ shelf }) => shelf),
          made.map(({ number }) => number),
          inOrder,
          made.map(({ wrapped }) => wrapped),
        ]),
      );
    });
  }

  #newKey(subject: string, serial: number) {
    const shelf = shelfOf(subject);
    const number = keyNumber(serial, shelf);
    return { shelf, number, wrapped: wrap(this.#masterKey, newSecret(), purposeOf(number, subject)) };
  }

  async #look(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<{ mark: string; rows: KeyRow[] }> {
    const { rows } = await this.#connections.repeat((client) =>
      client.query<LookRow>(prepared(name, text, values)),
    );
    const found = rows.filter(({ number }) => number !== null);
    return {
      mark: rows[0]?.mark ?? '',
      rows: found.map(({ number, subject, wrapped }) => ({ number: Number(number), subject, wrapped })),
    };
  }

  async #shredded(numbers: readonly number[]): Promise<number[]> {
    const { rows } = await this.#connections.repeat((client) =>
      client.query<{ number: string }>(prepared('shredded', SHREDDED, [numbers])),
    );
    return rows.map(({ number }) => Number(number));
  }
}
