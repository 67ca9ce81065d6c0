import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { Cell, DigestOptions, WordTally } from '../generation.ts';
import { RowDigest } from '../row-digest.ts';
import { tallyOf } from '../word-tally.ts';
import { quote, type SqliteTable, tokensTable } from './schema.ts';

/** Rows or words hashed before the thread yields. */
const ROWS_PER_TURN = 2_000;

export async function digestOf(db: Database, layout: SqliteTable, options: DigestOptions): Promise<string> {
  const digest = new RowDigest();
  const key = layout.key.map(quote).join(', ');
  const names = layout.columns.map((column) => quote(column.name)).join(', ');
  const rows = db.prepare(`SELECT ${names} FROM ${quote(layout.name)} ORDER BY ${key}`).raw();
  await inTurns(rows.iterate() as Iterable<Cell[]>, (row) => digest.add(row), options);
  if (layout.tokens !== undefined) await inTurns(words(db, layout), (word) => digest.addWord(word), options);
  return digest.toString();
}

/** Whoever waits for this thread, such as the lease of the job that compares, gets turns between the rows. */
async function inTurns<Row>(
  rows: Iterable<Row>,
  take: (row: Row) => void,
  { signal, rest }: DigestOptions,
): Promise<void> {
  let inTurn = 0;
  for (const row of rows) {
    take(row);
    if (++inTurn < ROWS_PER_TURN) continue;
    inTurn = 0;
    await eventLoopTurn();
    await rest?.();
    signal?.throwIfAborted();
  }
}

/** Words with their tallies, after `after`. The vocabulary comes in order of its words, so that groups need no sorting. */
export function wordsOf(db: Database, layout: SqliteTable, after: string, limit: number): WordTally[] {
  const select = `SELECT term, ${tallyOf('doc')} FROM ${vocabularyOf(db, layout)} WHERE term > ? GROUP BY term LIMIT ?`;
  return db.prepare(select).raw().all(after, limit) as WordTally[];
}

/** Keys of rows that hold a word, after `after`: of one word the vocabulary has them in order. */
export function holdersOf(
  db: Database,
  layout: SqliteTable,
  word: string,
  { after, limit }: { after: number; limit: number },
): number[] {
  const select = `SELECT doc FROM ${vocabularyOf(db, layout)} WHERE term = ? AND doc > ? LIMIT ?`;
  return db.prepare(select).pluck().all(word, after, limit) as number[];
}

function words(db: Database, layout: SqliteTable): Iterable<WordTally> {
  const select = `SELECT term, ${tallyOf('doc')} FROM ${vocabularyOf(db, layout)} GROUP BY term`;
  return db.prepare(select).raw().iterate() as Iterable<WordTally>;
}

function vocabularyOf(db: Database, layout: SqliteTable): string {
  const tokens = quote(tokensTable(layout));
  const vocabulary = `temp.${quote(`${tokensTable(layout)}_words`)}`;
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${vocabulary} USING fts5vocab(main, ${tokens}, instance)`);
  return vocabulary;
}
