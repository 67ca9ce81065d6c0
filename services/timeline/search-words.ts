import { Converter } from 'opencc-js/t2cn';

/**
 * Text as the words search knows it: lower-cased words of letters and digits; for Han script every single character
 * and every pair of neighbours, Traditional folded to Simplified. The same words go into the index and into the
 * question, so a name of one character and a word of two are found.
 */
export function searchWords(text: string): string[] {
  const words: string[] = [];
  for (const run of runsOf(text)) {
    if (!isHan(run)) words.push(run.slice(0, MAX_WORD_LENGTH));
    else addCharactersAndPairs(words, Array.from(run, simplified));
  }
  return words;
}

/**
 * What a question must match: pairs for Han runs of two or more, the character itself for one, whole words
 * otherwise; the last word by its beginning, since people search while they type. At most sixteen words.
 */
export function questionWords(question: string): string[] {
  const words: string[] = [];
  for (const run of runsOf(question)) {
    if (!isHan(run)) words.push(run.slice(0, MAX_WORD_LENGTH));
    else {
      const characters = Array.from(run, simplified);
      if (characters.length === 1) words.push(...characters);
      for (let at = 0; at + 1 < characters.length; at++) words.push(`${characters[at]}${characters[at + 1]}`);
    }
  }
  const distinct = [...new Set(words)].slice(0, MAX_QUESTION_WORDS);
  const last = distinct.at(-1);
  if (last !== undefined && !isHan(last)) distinct[distinct.length - 1] = `${last}*`;
  return distinct;
}

/** The words of an identifier: its parts, and for numbers the endings people remember. */
export function identifierWords(identifier: string): string[] {
  const words = searchWords(identifier.slice(identifier.indexOf(':') + 1));
  if (!identifier.startsWith('tel:')) return words;
  const digits = identifier.replaceAll(/\D/g, '');
  return [...words, ...PHONE_ENDINGS.filter((length) => length < digits.length).map((n) => digits.slice(-n))];
}

const MAX_WORD_LENGTH = 64;
const MAX_QUESTION_WORDS = 16;
const PHONE_ENDINGS = [11, 10, 8, 4];

const ASCII_RUNS = /[a-z0-9]+/g;
const RUNS = /\p{Script=Han}+|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+/gv;
const HAN = /^\p{Script=Han}/u;
/** Nothing but these is left alone by compatibility normalisation, and most Chinese text is nothing but these. */
const NORMAL = /^[\0-\x7f\u3400-\u9fff\u3001\u3002]*$/;
const ASCII = /^[\0-\x7f]*$/;

/** Runs of one kind of script, lower-cased. Every touchpoint passes here, so plain text takes the short way. */
function runsOf(text: string): readonly string[] {
  if (ASCII.test(text)) return text.toLowerCase().match(ASCII_RUNS) ?? [];
  const normal = NORMAL.test(text) ? text : text.normalize('NFKC');
  return normal.toLowerCase().match(RUNS) ?? [];
}

function isHan(run: string): boolean {
  return run.charCodeAt(0) > 0x7f && HAN.test(run);
}

function addCharactersAndPairs(words: string[], characters: readonly string[]): void {
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    words.push(character);
    if (at + 1 < characters.length) words.push(character + characters[at + 1]);
  }
}

const toSimplified = Converter({ from: 't', to: 'cn' });
const simplifiedCharacters = new Map<string, string>();

/** Bounded by the number of Han characters there are. */
function simplified(character: string): string {
  const known = simplifiedCharacters.get(character);
  if (known !== undefined) return known;
  const folded: string = toSimplified(character) ?? character;
  simplifiedCharacters.set(character, folded);
  return folded;
}
