import { quote } from './names.ts';

const MAX_TEXTS = 1_000;

/** Texts, names in quotes, comments; then what is looked for: parameters and bare words. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?|[A-Za-z_]\w*/g;
const MIXED_CASE = /^(?=.*[a-z]).*[A-Z]/;

const translated = new Map<string, string>();

/**
 * A portable SELECT as PostgreSQL takes it: `?` is numbered, and names in mixed case keep their case, which they lose unless
 * they are quoted. Keywords are therefore written all in capitals or all in small letters.
 */
export function toPostgres(sql: string): string {
  let text = translated.get(sql);
  if (text !== undefined) return text;
  let parameters = 0;
  text = sql.replaceAll(PARTS, (part) => {
    if (part === '?') return `$${++parameters}`;
    return /^\w/.test(part) && MIXED_CASE.test(part) ? quote(part) : part;
  });
  if (translated.size >= MAX_TEXTS) translated.clear();
  translated.set(sql, text);
  return text;
}
