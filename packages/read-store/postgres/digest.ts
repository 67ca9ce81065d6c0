import type { Cell, DigestOptions, WordTally } from '../generation.ts';
import { RowDigest } from '../row-digest.ts';
import { tallyOf } from '../word-tally.ts';
import { type Answer, type Connection, LONG_STATEMENT_MS } from './connections.ts';
import { quote } from './names.ts';
import type { PostgresTable } from './schema.ts';

/** Fetched in one go; the next ones are on their way while these are hashed. Rows may be large, words are small. */
const ROWS_PER_FETCH = 250;
const WORDS_PER_FETCH = 5_000;

/** Reads every row within the transaction under way, in bounded memory. */
export async function digestOf(
  connection: Connection,
  table: PostgresTable,
  options: DigestOptions,
): Promise<string> {
  const digest = new RowDigest();
  const key = table.key.map(({ name }) => quote(name)).join(', ');
  const columns = table.columns.map(({ name }) => quote(name)).join(', ');
  const rows = `SELECT ${columns} FROM ${table.path} ORDER BY ${key}`;
  for await (const row of rowsOf(connection, rows, { perFetch: ROWS_PER_FETCH, ...options })) digest.add(row);
  if (table.tokens === undefined) return digest.toString();
  const words = `${wordsIn(table)} ORDER BY word`;
  for await (const word of rowsOf(connection, words, { perFetch: WORDS_PER_FETCH, ...options }))
    digest.addWord(word as unknown as WordTally);
  return digest.toString();
}

/** Every word with its tally, each once. Whoever asks says in which order. */
export function wordsIn(table: PostgresTable): string {
  const key = quote(table.key[0]?.name ?? '');
  const words = quote(table.tokens?.column ?? '');
  const places = `SELECT w.word, t.${key} AS key FROM ${table.path} t, unnest(tsvector_to_array(t.${words})) AS w(word)`;
  return `SELECT * FROM (SELECT word COLLATE "C" AS word, ${tallyOf('key')} AS tally FROM (${places}) p GROUP BY p.word) w`;
}

async function* rowsOf(
  connection: Connection,
  query: string,
  { perFetch, signal, rest }: DigestOptions & { readonly perFetch: number },
): AsyncIterable<readonly Cell[]> {
  const options = { maxMs: LONG_STATEMENT_MS };
  const fetch = async (): Promise<Answer> => {
    const fetched = connection.run(`FETCH ${perFetch} FROM digested`, [], options);
    fetched.catch(() => {}); // awaited by the next turn
    return fetched;
  };
  await connection.run(`DECLARE digested NO SCROLL CURSOR FOR ${query}`);
  try {
    for (let next = fetch(); ; ) {
      const { rows } = await next;
      signal?.throwIfAborted();
      if (rows.length === 0) return;
      next = fetch();
      yield* rows as readonly (readonly Cell[])[];
      await rest?.();
    }
  } finally {
    await connection.run('CLOSE digested').catch(() => {}); // a transaction that has failed has no cursor any more
  }
}
