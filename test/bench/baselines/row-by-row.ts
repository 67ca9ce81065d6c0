import type { RecordedTouchpoint } from '@touchline/journal';
import { type KeyValue, type ReadModel, type Rows, type Table, tokensColumn } from '@touchline/read-store';
import { Client, escapeIdentifier as quote } from 'pg';

const EVENTS_PER_TRANSACTION = 500;

type Row = Record<string, unknown>;

/** Thrown through a fold that needs what was not read yet. */
class Missing {
  readonly table: Table<never>;
  readonly columns: readonly string[];
  readonly values: readonly KeyValue[];
  constructor(table: Table<never>, columns: readonly string[], values: readonly KeyValue[]) {
    this.table = table;
    this.columns = columns;
    this.values = values;
  }
}

/**
 * The projection that most teams write: each event reads the rows it needs and writes those it changes, one statement
 * each, in a transaction for every 500 events. The same folds on the same tables as the engine's.
 */
export class RowByRow {
  readonly #client: Client;
  readonly #readModel: ReadModel<RecordedTouchpoint>;

  private constructor(client: Client, readModel: ReadModel<RecordedTouchpoint>) {
    this.#client = client;
    this.#readModel = readModel;
  }

  /** `schema` holds the tables, with their indexes. */
  static async open(
    url: string,
    schema: string,
    readModel: ReadModel<RecordedTouchpoint>,
  ): Promise<RowByRow> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`SET search_path TO ${quote(schema)}`);
    await client.query('SET synchronous_commit TO off'); // as the engine does
    return new RowByRow(client, readModel);
  }

  async project(events: readonly RecordedTouchpoint[]): Promise<void> {
    for (let at = 0; at < events.length; at += EVENTS_PER_TRANSACTION) {
      await this.#client.query('BEGIN');
      for (const event of events.slice(at, at + EVENTS_PER_TRANSACTION)) await this.#projectOne(event);
      await this.#client.query('COMMIT');
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #projectOne(event: RecordedTouchpoint): Promise<void> {
    const rows = new EventRows();
    for (;;) {
      try {
        rows.begin();
        this.#readModel.routing.fold(event, rows);
        for (const projection of this.#readModel.projections) projection.fold(event, rows);
        break;
      } catch (missing) {
        if (!(missing instanceof Missing)) throw missing;
        rows.know(missing, await this.#read(missing));
      }
    }
    for (const { table, key, row } of rows.changes()) await this.#write(table, key, row);
  }

  async #read({ table, columns, values }: Missing): Promise<Row[]> {
    const names = Object.entries<string>(table.columns).filter(([, type]) => type !== 'tokens');
    const where = columns.map((column, at) => `${quote(column)} = $${at + 1}`).join(' AND ');
    const { rows } = await this.#client.query<Row>({
      name: `read ${table.name} ${columns.join()}`,
      text: `SELECT ${names.map(([name]) => quote(name)).join(', ')} FROM ${quote(table.name)} WHERE ${where}`,
      values: [...values],
    });
    for (const row of rows)
      for (const [name, type] of names) {
        const value = row[name];
        if (value === null) continue;
        if (type.startsWith('integer')) row[name] = Number(value);
        if (type.startsWith('json')) row[name] = JSON.parse(String(value));
      }
    return rows;
  }

  async #write(table: Table<never>, key: readonly KeyValue[], row: Row | undefined): Promise<void> {
    const keys = (table.key as readonly string[]).map(quote);
    if (row === undefined) {
      const where = keys.map((name, at) => `${name} = $${at + 1}`).join(' AND ');
      await this.#client.query({
        name: `delete ${table.name}`,
        text: `DELETE FROM ${quote(table.name)} WHERE ${where}`,
        values: [...key],
      });
      return;
    }
    const columns = Object.entries<string>(table.columns);
    const words = tokensColumn(table);
    const values = columns.map(([name, type]) => {
      const value = row[name] ?? null;
      return type.startsWith('json') && value !== null ? JSON.stringify(value) : value;
    });
    const places = columns.map(([name], at) =>
      name === words ? `array_to_tsvector(string_to_array($${at + 1}, ' '))` : `$${at + 1}`,
    );
    const sets = columns.map(([name]) =>
      name === words
        ? `${quote(name)} = coalesce(excluded.${quote(name)}, t.${quote(name)})`
        : `${quote(name)} = excluded.${quote(name)}`,
    );
    await this.#client.query({
      name: `write ${table.name}`,
      text:
        `INSERT INTO ${quote(table.name)} AS t (${columns.map(([name]) => quote(name)).join(', ')}) ` +
        `VALUES (${places.join(', ')}) ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${sets.join(', ')}`,
      values,
    });
  }
}

interface Change {
  readonly table: Table<never>;
  readonly key: readonly KeyValue[];
  readonly row: Row | undefined;
}

/** What one event has read so far, and what it has changed. */
class EventRows implements Rows {
  readonly #read = new Map<string, readonly Row[]>();
  #changes = new Map<string, Change>();

  begin(): void {
    this.#changes = new Map();
  }

  know({ table, columns, values }: Missing, rows: readonly Row[]): void {
    this.#read.set(nameOf(table, columns, values), rows);
  }

  changes(): Iterable<Change> {
    return this.#changes.values();
  }

  get<R extends object>(table: Table<R>, ...key: KeyValue[]): Readonly<R> | undefined {
    const changed = this.#changes.get(nameOf(table as never, table.key, key));
    if (changed !== undefined) return changed.row as R | undefined;
    return this.#rows(table as never, table.key as readonly string[], key)[0] as R | undefined;
  }

  list<R extends object>(table: Table<R>, column: keyof R & string, value: KeyValue): readonly Readonly<R>[] {
    const own = [...this.#changes.values()].filter((change) => change.table.name === table.name);
    const isChanged = new Set(own.map(({ key }) => JSON.stringify(key)));
    const keyOf = (row: Row): string => JSON.stringify(table.key.map((name) => row[name as string]));
    const stored = this.#rows(table as never, [column], [value]).filter((row) => !isChanged.has(keyOf(row)));
    const put = own.flatMap(({ row }) => (row !== undefined && row[column] === value ? [row] : []));
    return [...stored, ...put].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) as R[];
  }

  put<R extends object>(table: Table<R>, row: R): void {
    const key = table.key.map((name) => (row as Row)[name as string] as KeyValue);
    this.#changes.set(nameOf(table as never, table.key, key), {
      table: table as never,
      key,
      row: row as Row,
    });
  }

  delete<R extends object>(table: Table<R>, ...key: KeyValue[]): void {
    this.#changes.set(nameOf(table as never, table.key, key), {
      table: table as never,
      key,
      row: undefined,
    });
  }

  #rows(table: Table<never>, columns: readonly string[], values: readonly KeyValue[]): readonly Row[] {
    const rows = this.#read.get(nameOf(table, columns, values));
    if (rows === undefined) throw new Missing(table, columns, values);
    return rows;
  }
}

function nameOf(table: Table<never>, columns: readonly unknown[], values: readonly KeyValue[]): string {
  return JSON.stringify([table.name, columns, values]);
}
