import { Converter } from 'opencc-js/t2cn';

/**
 * Text as the words search knows it: lower-cased words of letters and digits, pictographs; for Han script every single
 * character and every pair of neighbours, Traditional folded to Simplified. The same words go into the index and into the
 * question, so a name of one character and a word of two are found.
 */
export function searchWords(text: string): string[] {
  const words: string[] = [];
  visitWords(text, (word) => words.push(word));
  return words;
}

/** As `searchWords`, without a list: every touchpoint passes here. */
export function visitWords(text: string, visit: (word: string) => void): void {
  for (const run of runsOf(text)) {
    if (!isHan(run)) visit(run.length > MAX_WORD_LENGTH ? run.slice(0, MAX_WORD_LENGTH) : run);
    else visitHan(run, visit);
  }
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

/** A pictograph is a word of its own, whichever way it is coloured or joined to others; so is a flag. */
const RUNS =
  /\p{Script=Han}+|[[\p{L}\p{N}\p{M}]--\p{Script=Han}]+|\p{Extended_Pictographic}|\p{Regional_Indicator}{2}/gv;
/** Says in which style a sign is shown, and counts as a mark: it would be a word that nobody sees. */
const STYLES = /[\ufe0e\ufe0f]/g;
const HAN = /^\p{Script=Han}/u;

/** Runs of one kind of script, lower-cased. Plain text, which most text is, takes the short way. */
function runsOf(text: string): readonly string[] {
  return plainRuns(text) ?? text.normalize('NFKC').replace(STYLES, '').toLowerCase().match(RUNS) ?? [];
}

/** Kinds of UTF-16 code units that compatibility normalisation leaves alone. */
const OTHER = 0;
const SEPARATOR = 1;
const WORD = 2;
const IDEOGRAPH = 3;

const KINDS = kindsOfCodeUnits();

/** The runs of a text of ASCII and common ideographs; `undefined` where anything else stands in it. */
function plainRuns(text: string): string[] | undefined {
  const lower = text.toLowerCase();
  const runs: string[] = [];
  let kind = SEPARATOR;
  let start = 0;
  for (let at = 0; at < lower.length; at++) {
    const next = KINDS[lower.charCodeAt(at)];
    if (next === kind) continue;
    if (next === OTHER || next === undefined) return undefined;
    if (kind !== SEPARATOR) runs.push(lower.slice(start, at));
    kind = next;
    start = at;
  }
  if (kind !== SEPARATOR) runs.push(lower.slice(start));
  return runs;
}

function kindsOfCodeUnits(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  kinds.fill(SEPARATOR, 0, 0x80);
  for (const character of '0123456789abcdefghijklmnopqrstuvwxyz') kinds[character.charCodeAt(0)] = WORD;
  kinds.fill(IDEOGRAPH, 0x4e00, 0x9fa6);
  for (const mark of ',。、;:?!()《》') kinds[mark.charCodeAt(0)] = SEPARATOR;
  return kinds;
}

function isHan(run: string): boolean {
  return run.charCodeAt(0) > 0x7f && HAN.test(run);
}

function visitHan(run: string, visit: (word: string) => void): void {
  let before = '';
  for (const character of run) {
    const folded = simplified(character);
    if (before !== '') visit(before + folded);
    visit(folded);
    before = folded;
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
