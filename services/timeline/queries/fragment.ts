import { searchWords } from '../search-words.ts';

/** Characters shown on either side of the first match. */
const AROUND = 40;

/** The piece of text in which a word of the question stands, cut to a readable length. */
export function fragmentOf(sources: readonly unknown[], words: readonly string[]): string {
  let first = '';
  for (const text of texts(sources, 5)) {
    first ||= text;
    const at = placeOf(text, words);
    if (at >= 0) return cut(text, at);
  }
  return cut(first, 0);
}

function placeOf(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase();
  for (const word of words) {
    const bare = word.endsWith('*') ? word.slice(0, -1) : word;
    const at = lower.indexOf(bare);
    if (at >= 0) return at;
    // Other script or other spelling: the text holds the word only after folding.
    if (searchWords(text).some((own) => own === bare || (bare !== word && own.startsWith(bare)))) return 0;
  }
  return -1;
}

function cut(text: string, at: number): string {
  const from = Math.max(0, at - AROUND);
  const piece = text.slice(from, at + AROUND * 2).toWellFormed();
  return `${from > 0 ? '…' : ''}${piece}${at + AROUND * 2 < text.length ? '…' : ''}`;
}

function* texts(value: unknown, depth: number): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (depth > 0 && typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) yield* texts(inner, depth - 1);
}
