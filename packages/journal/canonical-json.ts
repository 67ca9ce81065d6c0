/** Beyond this many keys the built-in sort is quicker than insertion. */
const MAX_INSERTION_SORT = 16;
/** Distinct keys whose JSON text is remembered; producers may send any number of others. */
const MAX_REMEMBERED_KEYS = 4_096;
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

const keyTexts = new Map<string, string>();

/**
 * JSON with the keys of every object in order of their UTF-16 code units and no white space, so that equal content
 * has equal text. As in `JSON.stringify`, members that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return textOfString(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? textOfArray(value) : textOfObject(value);
}

/** Own keys in canonical order. */
export function canonicalKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > MAX_INSERTION_SORT) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}

/** `"key":`, the beginning of a member. */
export function memberStart(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(key)}:`;
  if (keyTexts.size < MAX_REMEMBERED_KEYS) keyTexts.set(key, text);
  return text;
}

function textOfObject(value: object): string {
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of canonicalKeys(value)) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '{' : ','}${memberStart(key)}${canonicalJson(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function textOfArray(values: readonly unknown[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index++) {
    text += index === 0 ? canonicalJson(values[index]) : `,${canonicalJson(values[index])}`;
  }
  return `${text}]`;
}

/** Most strings need no escape; looking is cheaper than `JSON.stringify`. */
function textOfString(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}
