import type { SearchTerm } from '../search-terms.ts';
import { toStored } from './stored-text.ts';

/** A term of a `tsquery`. In quotes a lexeme is taken as it is; only quotes and backslashes mean something in them. */
export function matchTerm({ text, isBeginning }: SearchTerm): string {
  const lexeme = `'${toStored(text).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return isBeginning ? `${lexeme}:*` : lexeme;
}
