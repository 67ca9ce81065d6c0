/** Texts, names in quotes, comments; then what is looked for: parameters and bare words. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?|[A-Za-z_]\w*/g;

/** The dialect of a database: what stands for the parameter with a number (from 1), and for a bare word. */
export interface Dialect {
  parameter(number: number): string;
  word(word: string): string;
}

/** A portable SELECT, in which parameters stand as `?`, in the dialect of a database. */
export function inDialect(sql: string, { parameter, word }: Dialect): string {
  let parameters = 0;
  return sql.replaceAll(PARTS, (part) => {
    if (part === '?') return parameter(++parameters);
    return /^\w/.test(part) ? word(part) : part;
  });
}
