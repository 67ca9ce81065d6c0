import type { Cell, DigestOptions, FrozenRows, WordTally } from '../generation.ts';
import type { KeyValue } from '../projection.ts';
import { toRow } from '../stored-rows.ts';
import type { Table } from '../table.ts';
import { type Connection, LONG_STATEMENT_MS, type Parameters } from './connections.ts';
import { digestOf, wordsIn } from './digest.ts';
import { matchTerm } from './match-term.ts';
import { quote } from './names.ts';
import type { PostgresTable } from './schema.ts';
import { toStored } from './stored-text.ts';

/** One moment of a generation: a transaction that stays on its snapshot. */
export class FrozenSchema implements FrozenRows {
  static readonly BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
  readonly position: bigint;
  readonly #connection: Connection;
  readonly #tables: ReadonlyMap<string, PostgresTable>;

  private constructor(connection: Connection, tables: ReadonlyMap<string, PostgresTable>, position: bigint) {
    this.#connection = connection;
    this.#tables = tables;
    this.position = position;
  }

  static async open(
    connection: Connection,
    tables: ReadonlyMap<string, PostgresTable>,
    checkpoint: string,
  ): Promise<FrozenSchema> {
    for (const setting of SETTINGS) await connection.run(`SET LOCAL ${setting}`);
    const { rows } = await connection.run(`SELECT position::text FROM ${checkpoint} WHERE id = 1`);
    return new FrozenSchema(connection, tables, BigInt(String(rows[0]?.[0] ?? 0)));
  }

  async digest(options: DigestOptions = {}): Promise<ReadonlyMap<string, string>> {
    const digests = new Map<string, string>();
    for (const table of this.#tables.values())
      digests.set(table.name, await digestOf(this.#connection, table, options));
    return digests;
  }

  async page(
    table: Table<never>,
    { after, limit }: { after?: readonly KeyValue[]; limit: number },
  ): Promise<readonly object[]> {
    const layout = this.#layout(table);
    const columns = layout.columns.map(({ name }) => quote(name)).join(', ');
    const key = layout.key.map(({ name }) => quote(name)).join(', ');
    const places = layout.key.map((_, at) => `$${at + 2}`).join(', ');
    const where = after === undefined ? '' : ` WHERE (${key}) > (${places})`;
    const sql = `SELECT ${columns} FROM ${layout.path}${where} ORDER BY ${key} LIMIT $1`;
    const parameters: Parameters = [limit, ...(after ?? []).map(stored)];
    const { rows } = await this.#connection.run(sql, parameters, { maxMs: LONG_STATEMENT_MS });
    return rows.map((row) => toRow(layout, row as Cell[]));
  }

  async words(
    table: Table<never>,
    { after = '', limit }: { after?: string; limit: number },
  ): Promise<readonly WordTally[]> {
    const layout = this.#layout(table);
    if (layout.tokens === undefined) return [];
    const sql = `${wordsIn(layout)} WHERE word > $1 ORDER BY word LIMIT $2`;
    const { rows } = await this.#connection.run(sql, [after, limit], { maxMs: LONG_STATEMENT_MS });
    return rows as unknown as WordTally[];
  }

  async holding(
    table: Table<never>,
    word: string,
    { after, limit }: { after?: number; limit: number },
  ): Promise<readonly number[]> {
    const { tokens, path, key } = this.#layout(table);
    const name = quote(key[0]?.name ?? '');
    const isAfter = after === undefined ? '' : ` AND ${name} > $3`;
    const sql = `SELECT ${name} FROM ${path} WHERE ${quote(tokens?.column ?? '')} @@ $1::tsquery${isAfter} ORDER BY ${name} LIMIT $2`;
    const parameters = [
      matchTerm({ text: word, isBeginning: false }),
      limit,
      ...(after === undefined ? [] : [after]),
    ];
    const { rows } = await this.#connection.run(sql, parameters, { maxMs: LONG_STATEMENT_MS });
    return rows.map(([number]) => Number(number));
  }

  #layout(table: Table<never>): PostgresTable {
    const layout = this.#tables.get(table.name);
    if (layout === undefined) throw new Error(`table ${table.name} is not declared by this read model`);
    return layout;
  }
}

/** Whole tables are read, in whichever way is fastest for all their rows, by one who may pause for long. */
const SETTINGS = [
  `statement_timeout = ${LONG_STATEMENT_MS}`,
  `idle_in_transaction_session_timeout = ${LONG_STATEMENT_MS}`,
  'enable_seqscan = on',
  'enable_hashjoin = on',
  'enable_mergejoin = on',
  'cursor_tuple_fraction = 1',
];

function stored(value: KeyValue): KeyValue {
  return typeof value === 'string' ? toStored(value) : value;
}
