import { createHash } from 'node:crypto';
import type { Cell, WordTally } from './generation.ts';

/**
 * The digest of one table, the same on every database: SHA-256 over the rows in key order (text by its UTF-8 bytes), each as a
 * JSON array in column order without words; then over every distinct word with its tally, in order.
 */
export class RowDigest {
  readonly #hash = createHash('sha256');

  add(row: readonly Cell[]): void {
    this.#hash.update(`${JSON.stringify(row)}\n`);
  }

  addWord(word: WordTally): void {
    this.#hash.update(`${JSON.stringify(word)}\n`);
  }

  toString(): string {
    return this.#hash.digest('hex');
  }
}
