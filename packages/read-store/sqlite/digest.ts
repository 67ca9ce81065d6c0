import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { quote, type SqliteTable, tokensTable } from './schema.ts';

/** SHA-256 over the rows in key order, each as a JSON array in column order; then over the words of the search index. */
export function digestOf(db: Database, layout: SqliteTable): string {
  const hash = createHash('sha256');
  const key = layout.keyIndexes.map((at) => quote(layout.columns[at]?.name ?? '')).join(', ');
  const names = layout.columns.map((column) => quote(column.name)).join(', ');
  for (const row of db
    .prepare(`SELECT ${names} FROM ${quote(layout.name)} ORDER BY ${key}`)
    .raw()
    .iterate())
    hash.update(`${JSON.stringify(row)}\n`);
  if (layout.tokens) for (const line of words(db, layout)) hash.update(line);
  return hash.digest('hex');
}

function* words(db: Database, layout: SqliteTable): Iterable<string> {
  const vocabulary = quote(`${tokensTable(layout)}_words`);
  db.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.${vocabulary} USING fts5vocab(main, ${quote(tokensTable(layout))}, row)`,
  );
  for (const row of db.prepare(`SELECT term, doc FROM temp.${vocabulary} ORDER BY term`).raw().iterate())
    yield `${JSON.stringify(row)}\n`;
}
