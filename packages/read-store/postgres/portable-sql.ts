import { inDialect } from '../portable-sql.ts';
import { quote } from './names.ts';

const MAX_TEXTS = 1_000;

const MIXED_CASE = /^(?=.*[a-z]).*[A-Z]/;

const translated = new Map<string, string>();

/**
 * A portable SELECT as PostgreSQL takes it: `?` is numbered, and names in mixed case keep their case, which they lose unless
 * they are quoted. Keywords are therefore written all in capitals or all in small letters.
 */
export function toPostgres(sql: string): string {
  let text = translated.get(sql);
  if (text !== undefined) return text;
  text = inDialect(sql, {
    parameter: (number) => `$${number}`,
    word: (word) => (MIXED_CASE.test(word) ? quote(word) : word),
  });
  if (translated.size >= MAX_TEXTS) translated.clear();
  translated.set(sql, text);
  return text;
}
