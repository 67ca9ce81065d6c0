import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
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

function* words(db: Database, layout: SqliteTable): Iterable<string> {
  const vocabulary = quote(`${tokensTable(layout)}_words`);
  db.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.${vocabulary} USING fts5vocab(main, ${quote(tokensTable(layout))}, instance)`,
  );
  const found = db.prepare(`SELECT DISTINCT term, doc FROM temp.${vocabulary} ORDER BY term, doc`).raw();
  for (const row of found.iterate()) yield `${JSON.stringify(row)}\n`;
}
