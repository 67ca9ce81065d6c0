import type { Database } from 'better-sqlite3';
import type { Cell, WordPlace } from '../generation.ts';
import { RowDigest } from '../row-digest.ts';
import { quote, type SqliteTable, tokensTable } from './schema.ts';

export function digestOf(db: Database, layout: SqliteTable): string {
  const digest = new RowDigest();
  const key = layout.key.map(quote).join(', ');
  const names = layout.columns.map((column) => quote(column.name)).join(', ');
  const rows = db.prepare(`SELECT ${names} FROM ${quote(layout.name)} ORDER BY ${key}`).raw();
  for (const row of rows.iterate()) digest.add(row as Cell[]);
  if (layout.tokens) for (const place of words(db, layout)) digest.addWord(place);
  return digest.toString();
}

/** Words with the keys of rows they stand in, after `after`, by word, then key. */
export function wordsOf(db: Database, layout: SqliteTable, after: WordPlace, limit: number): WordPlace[] {
  const [word, key] = after;
  const select = `SELECT DISTINCT term, doc FROM ${vocabularyOf(db, layout)}
    WHERE term >= ? AND (term > ? OR doc > ?) ORDER BY term, doc LIMIT ?`;
  return db.prepare(select).raw().all(word, word, key, limit) as WordPlace[];
}

function words(db: Database, layout: SqliteTable): Iterable<WordPlace> {
  const select = `SELECT DISTINCT term, doc FROM ${vocabularyOf(db, layout)} ORDER BY term, doc`;
  return db.prepare(select).raw().iterate() as Iterable<WordPlace>;
}

function vocabularyOf(db: Database, layout: SqliteTable): string {
  const tokens = quote(tokensTable(layout));
  const vocabulary = `temp.${quote(`${tokensTable(layout)}_words`)}`;
  db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS ${vocabulary} USING fts5vocab(main, ${tokens}, instance)`);
  return vocabulary;
}
