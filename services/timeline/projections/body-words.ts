import { WordText } from './word-text.ts';

/** Text of one body that is searched; the rest of a letter is shown and not indexed. */
const MAX_TEXT_LENGTH = 4_000;

const MAX_TEXT_DEPTH = 4;

const words = new WordText();

/** The words a body is found by, separated by spaces: of its texts, and of the business objects it names. */
export function bodyWords(data: Readonly<Record<string, unknown>>): string {
  words.clear();
  const texts: string[] = [];
  let length = 0;
  visitTexts(data, MAX_TEXT_DEPTH, (text) => {
    texts.push(text);
    length += text.length;
  });
  // A long letter must not take the place of its subject.
  if (length > MAX_TEXT_LENGTH) texts.sort((a, b) => a.length - b.length);
  let left = MAX_TEXT_LENGTH;
  for (const text of texts) {
    if (left <= 0) break;
    words.addText(text.length > left ? text.slice(0, left) : text);
    left -= text.length;
  }
  for (const reference of textsIn(data.about)) words.addIdentifier(reference);
  return words.toString();
}

/** Every text a person may remember: all strings of the body but identifiers (found through the customer) and controlled codes. */
function visitTexts(value: unknown, depth: number, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (depth === 0 || typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value)) for (const inner of value) visitTexts(inner, depth - 1, visit);
  else
    for (const key in value)
      if (!NOT_TEXT.has(key)) visitTexts((value as Record<string, unknown>)[key], depth - 1, visit);
}

const NOT_TEXT = new Set([
  'identifiers',
  'about',
  'channel',
  'direction',
  'stage',
  'currency',
  'amount',
  'sentiment',
  'cost',
  'dimension',
  'parties',
]);

/** What a producer put in place of a body is held against no type: it may have come before what it corrects. */
export function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}
