import { Converter } from 'opencc-js/t2cn';

/**
 * Text as the words search knows it: lower-cased words of letters and digits; for Han script every single character and every
 * pair of neighbours, Traditional folded to Simplified. The same words go into the index and into the question, so
 * a name of one character and a word of two are found.
 */
export function searchWords(text: string): string[] {
  const words: string[] = [];
  for (const run of normalise(text).match(RUNS) ?? []) {
    if (!isHan(run)) words.push(run.slice(0, MAX_WORD_LENGTH));
    else {
      const characters = Array.from(run, (character) => simplified(character));
      characters.forEach((character, at) => {
        words.push(character);
        const next = characters[at + 1];
        if (next !== undefined) words.push(character + next);
      });
    }
  }
  return words;
}

/**
 * What a question must match: pairs for Han runs of two or more, the character itself for one, whole words otherwise; the
 * last word by its beginning, since people search while they type. At most sixteen words.
 */
export function questionWords(question: string): string[] {
  const words: string[] = [];
  for (const run of normalise(question).match(RUNS) ?? []) {
    if (!isHan(run)) words.push(run.slice(0, MAX_WORD_LENGTH));
    else {
      const characters = Array.from(run, (character) => simplified(character));
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

const RUNS = /\p{Script=Han}+|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+/gv;
const HAN = /^\p{Script=Han}/u;
const MAX_WORD_LENGTH = 64;
const MAX_QUESTION_WORDS = 16;
const PHONE_ENDINGS = [11, 10, 8, 4];

const toSimplified = Converter({ from: 't', to: 'cn' });
const simplifiedCharacters = new Map<string, string>();

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function isHan(run: string): boolean {
  return HAN.test(run);
}

/** Bounded by the number of Han characters there are. */
function simplified(character: string): string {
  const known = simplifiedCharacters.get(character);
  if (known !== undefined) return known;
  const folded: string = toSimplified(character) ?? character;
  simplifiedCharacters.set(character, folded);
  return folded;
}
