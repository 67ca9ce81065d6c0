/**
 * Text as it is stored. PostgreSQL holds every character but U+0000, so that one is written as U+0001 U+0001, and U+0001
 * as U+0001 U+0002. Equal texts stay equal and every order by bytes stays as it was.
 */
export function toStored(text: string): string {
  return RARE.test(text) ? text.replace(ALL_RARE, (sign) => (sign === '\0' ? NUL : ESCAPE)) : text;
}

export function fromStored(stored: string): string {
  return stored.includes('\u0001')
    ? stored.replaceAll(ESCAPED, (pair) => (pair === NUL ? '\0' : '\u0001'))
    : stored;
}

const NUL = '\u0001\u0001';
const ESCAPE = '\u0001\u0002';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const RARE = /[\0\u0001]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const ALL_RARE = /[\0\u0001]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
const ESCAPED = /\u0001[\u0001\u0002]/g;
