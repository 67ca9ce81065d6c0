import { Converter } from 'opencc-js/t2cn';

/**
 * Text as the words search knows it: lower-cased words of letters and digits, pictographs; for Han script every single
 * character and every pair of neighbours, Traditional folded to Simplified. The same words go into the index and into the
 * question, so a name of one character and a word of two are found.
 */
export function searchWords(text: string): string[] {
  return runsOf(text).flatMap((run) => (isHan(run) ? hanWords(run) : run.slice(0, MAX_WORD_LENGTH)));
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
  return [...searchWords(identifierText(identifier)), ...phoneEndings(identifier)];
}

export function identifierText(identifier: string): string {
  return identifier.slice(identifier.indexOf(':') + 1);
}

export function phoneEndings(identifier: string): string[] {
  if (!identifier.startsWith('tel:')) return [];
  const digits = identifier.replaceAll(/\D/g, '');
  return PHONE_ENDINGS.filter((length) => length < digits.length).map((length) => digits.slice(-length));
}

/** The rest of a longer word is not searched. */
export const MAX_WORD_LENGTH = 64;
const MAX_QUESTION_WORDS = 16;
const PHONE_ENDINGS = [11, 10, 8, 4];

/** A pictograph is a word of its own, whichever way it is coloured or joined to others; so is a flag. */
const RUNS =
  /\p{Script=Han}+|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gv;
/** Says in which style a sign is shown, and counts as a mark: it would be a word that nobody sees. */
const STYLES = /[\ufe0e\ufe0f]/g;
const HAN = /^\p{Script=Han}/u;

/** Runs of one kind of script, lower-cased. */
function runsOf(text: string): readonly string[] {
  return text.normalize('NFKC').replace(STYLES, '').toLowerCase().match(RUNS) ?? [];
}

function isHan(run: string): boolean {
  return run.charCodeAt(0) > 0x7f && HAN.test(run);
}

function hanWords(run: string): string[] {
  const words: string[] = [];
  let before = '';
  for (const character of run) {
    const folded = simplified(character);
    if (before !== '') words.push(before + folded);
    words.push(folded);
    before = folded;
  }
  return words;
}

const toSimplified = Converter({ from: 't', to: 'cn' });
const simplifiedCharacters = new Map<string, string>();

/** A Han character, Traditional folded to Simplified. Remembers: bounded by the number of Han characters there are. */
export function simplified(character: string): string {
  const known = simplifiedCharacters.get(character);
  if (known !== undefined) return known;
  const folded: string = toSimplified(character) ?? character;
  simplifiedCharacters.set(character, folded);
  return folded;
}
