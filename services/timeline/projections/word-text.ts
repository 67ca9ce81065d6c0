import { identifierText, MAX_WORD_LENGTH, phoneEndings, searchWords, simplified } from '../search-words.ts';

/** Code units that one of a text may lead to: an ideograph after another one is a pair and a word, with a space before each. */
const MAX_GROWTH = 5;
const FIRST_CAPACITY = 32_768;
const SPACE = 0x20;

/** Kinds of UTF-16 code units that compatibility normalisation leaves alone; all others have none. */
const SEPARATOR = 1;
const WORD = 2;
const IDEOGRAPH = 3;

/** Marks of Latin and Chinese text that are no part of a word, from and to. */
const MARKS = [
  [0x2010, 0x2016],
  [0x2018, 0x2027],
  [0x3000, 0x3003],
  [0x3008, 0x3011],
  [0x3014, 0x301b],
  [0xff01, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff5d],
] as const;
const KINDS = kindsOfCodeUnits();
/** What a code unit of a word becomes; 0 where nobody has asked yet, and where it becomes more than one. */
const FOLDED = new Uint16Array(0x10000);
for (let unit = 0; unit < 0x80; unit++) FOLDED[unit] = String.fromCharCode(unit).toLowerCase().charCodeAt(0);

/**
 * Words of many texts as one text, separated by spaces, some perhaps more than once. Every touchpoint passes here: plain
 * text, which most text is, goes from code unit to code unit without a string for each word.
 */
export class WordText {
  #units = new Uint16Array(FIRST_CAPACITY);
  #length = 0;

  /** Adds what `searchWords` finds in a text. */
  addText(text: string): void {
    const begin = this.#length;
    this.#reserve(text.length * MAX_GROWTH);
    if (this.#addPlain(text)) return;
    this.#length = begin;
    for (const word of searchWords(text)) this.#addWord(word);
  }

  /** Adds what `identifierWords` finds in an identifier. */
  addIdentifier(identifier: string): void {
    this.addText(identifierText(identifier));
    for (const ending of phoneEndings(identifier)) this.#addWord(ending);
  }

  toString(): string {
    return Buffer.from(this.#units.buffer, 0, this.#length * 2).toString('utf16le', 2);
  }

  clear(): void {
    this.#length = 0;
  }

  /** False where the text holds anything but ASCII, common ideographs and marks. */
  #addPlain(text: string): boolean {
    const units = this.#units;
    let length = this.#length;
    let former = SEPARATOR;
    let inWord = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const kind = KINDS[unit];
      if (kind === WORD) {
        if (former !== WORD) {
          units[length++] = SPACE;
          inWord = 0;
        }
        if (inWord++ < MAX_WORD_LENGTH) units[length++] = FOLDED[unit] as number;
      } else if (kind === IDEOGRAPH) {
        const folded = FOLDED[unit] || foldedIdeograph(unit);
        if (folded === 0) return false;
        const before = units[length - 1] as number;
        units[length++] = SPACE;
        if (former === IDEOGRAPH) {
          units[length++] = before;
          units[length++] = folded;
          units[length++] = SPACE;
        }
        units[length++] = folded;
      } else if (kind !== SEPARATOR) return false;
      former = kind;
    }
    this.#length = length;
    return true;
  }

  #addWord(word: string): void {
    this.#reserve(word.length + 1);
    this.#units[this.#length++] = SPACE;
    for (let at = 0; at < word.length; at++) this.#units[this.#length++] = word.charCodeAt(at);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#units.length) return;
    const larger = new Uint16Array((this.#length + more) * 2);
    larger.set(this.#units.subarray(0, this.#length));
    this.#units = larger;
  }
}

function foldedIdeograph(unit: number): number {
  const folded = simplified(String.fromCharCode(unit));
  if (folded.length === 1) FOLDED[unit] = folded.charCodeAt(0);
  return FOLDED[unit] as number;
}

function kindsOfCodeUnits(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  kinds.fill(SEPARATOR, 0, 0x80);
  for (const character of '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
    kinds[character.charCodeAt(0)] = WORD;
  kinds.fill(IDEOGRAPH, 0x4e00, 0x9fa6);
  for (const [first, last] of MARKS) kinds.fill(SEPARATOR, first, last + 1);
  return kinds;
}
