import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { WordPlace } from '../generation.ts';
import { quote, type SqliteTable, tokensTable } from './schema.ts';

/** SHA-256 over the rows in key order, each as a JSON array in column order; then over every word with the rows it stands in. */
export function digestOf(db: Database, layout: SqliteTable): string {
  const hash = createHash('sha256');
  const key = layout.key.map(quote).join(', ');
  const names = layout.columns.map((column) => quote(column.name)).join(', ');
  const rows = db.prepare(`SELECT ${names} FROM ${quote(layout.name)} ORDER BY ${key}`).raw();
  for (const row of rows.iterate()) hash.update(`${JSON.stringify(row)}\n`);
  if (layout.tokens) for (const line of words(db, layout)) hash.update(line);
  return hash.digest('hex');
}

/** Words with the keys of rows they stand in, after `after`, by word, then key. */
export function wordsOf(db: Database, layout: SqliteTable, after: WordPlace, limit: number): WordPlace[] {
  const [word, key] = after;
  const select = `SELECT DISTINCT term, doc FROM ${vocabularyOf(db, layout)}
    WHERE term >= ? AND (term > ? OR doc > ?) ORDER BY term, doc LIMIT ?`;
  return db.prepare(select).raw().all(word, word, key, limit) as WordPlace[];
}

function* words(db: Database, layout: SqliteTable): Iterable<string> {
  const select = `SELECT DISTINCT term, doc FROM ${vocabularyOf(db, layout)} ORDER BY term, doc`;
  for (const row of db.prepare(select).raw().iterate()) yield `${JSON.stringify(row)}\n`;
}

function vocabularyOf(db: Database, layout: SqliteTable): string {
  const tokens = quote(tokensTable(layout));
  const vocabulary = `temp.${quote(`${tokensTable(layout)}_words`)}`;
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${vocabulary} USING fts5vocab(main, ${tokens}, instance)`);
  return vocabulary;
}
