import type { Cell, WordPlace } from '../generation.ts';
import { RowDigest } from '../row-digest.ts';
import { type Answer, type Connection, LONG_STATEMENT_MS } from './connections.ts';
import { quote } from './names.ts';
import type { PostgresTable } from './schema.ts';

/** Fetched in one go; the next ones are on their way while these are hashed. Rows may be large, words are small. */
const ROWS_PER_FETCH = 250;
const WORDS_PER_FETCH = 5_000;

/** Reads every row within the transaction under way, in bounded memory. */
export async function digestOf(connection: Connection, table: PostgresTable): Promise<string> {
  const digest = new RowDigest();
  const key = table.key.map(({ name }) => quote(name)).join(', ');
  const columns = table.columns.map(({ name }) => quote(name)).join(', ');
  const rows = `SELECT ${columns} FROM ${table.path} ORDER BY ${key}`;
  for await (const row of rowsOf(connection, rows, ROWS_PER_FETCH)) digest.add(row);
  if (table.tokens === undefined) return digest.toString();
  const words = `${wordsIn(table)} ORDER BY 1, 2`;
  for await (const place of rowsOf(connection, words, WORDS_PER_FETCH))
    digest.addWord(place as unknown as WordPlace);
  return digest.toString();
}

/** Every word with the keys of the rows it stands in, each once. */
export function wordsIn(table: PostgresTable): string {
  const key = quote(table.key[0]?.name ?? '');
  const words = quote(table.tokens?.column ?? '');
  return `SELECT w.word COLLATE "C", t.${key} FROM ${table.path} t, unnest(tsvector_to_array(t.${words})) AS w(word)`;
}

async function* rowsOf(
  connection: Connection,
  query: string,
  perFetch: number,
): AsyncIterable<readonly Cell[]> {
  const options = { maxMs: LONG_STATEMENT_MS };
  const fetch = async (): Promise<Answer> => {
    const fetched = connection.run(`FETCH ${perFetch} FROM digested`, [], options);
    fetched.catch(() => {}); // awaited by the next turn
    return fetched;
  };
  await connection.run(`DECLARE digested NO SCROLL CURSOR FOR ${query}`);
  let next = fetch();
  for (;;) {
    const { rows } = await next;
    if (rows.length === 0) break;
    next = fetch();
    yield* rows as readonly (readonly Cell[])[];
  }
  await connection.run('CLOSE digested');
}
