import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { RecentCache } from './recent-cache.ts';

const MAX_REMEMBERED_NUMBERS = 8_192;
const VISUAL_SEPARATORS = /[\s\-.()/\u2010-\u2015\u2212]/g;
const GLOBAL_NUMBER = /^\+\d{1,20}$/;
const LOCAL_NUMBER = /^[\d*#]{1,32}$/;
const EXTENSION = /^\d{1,20}$/;
const CONTEXT = /^(?:\+\d{1,20}|[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?)$/;

const NOT_A_NUMBER =
  'must be a telephone number, e.g. tel:+8613800138000; when the number is withheld, leave it out';

const NONE = '';
/** Valid numbers by region and digits as written: the numbering plans of the world are slow to look up. */
const remembered = new RecentCache<string>(MAX_REMEMBERED_NUMBERS);

export type PhoneResult =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly detail: string };

/**
 * The part of a `tel:` URI after the scheme (RFC 3966) in its one way of writing: E.164 when it is a valid number,
 * dialled from `region` if it is written without `+`; else the bare digits, as with short codes (`95588`). The
 * parameters `ext` and, for bare digits, `phone-context` are kept; others describe routing, not a party.
 */
export function normalisePhone(text: string, region: string | undefined): PhoneResult {
  if (GLOBAL_NUMBER.test(text)) return { ok: true, number: dialled(text, undefined) ?? text };
  const [written = '', ...parameters] = text.normalize('NFKC').split(';');
  const digits = written.replace(VISUAL_SEPARATORS, '');
  const isGlobal = GLOBAL_NUMBER.test(digits);
  if (!isGlobal && !LOCAL_NUMBER.test(digits)) return { ok: false, detail: NOT_A_NUMBER };
  const extension = parameter(parameters, 'ext')?.replace(VISUAL_SEPARATORS, '');
  if (extension !== undefined && !EXTENSION.test(extension)) {
    return { ok: false, detail: 'must have digits in its ;ext= parameter, e.g. tel:+861065529988;ext=12' };
  }
  const context = isGlobal ? undefined : readContext(parameters);
  if (context !== undefined && !CONTEXT.test(context)) {
    return {
      ok: false,
      detail: 'must have a domain or a prefix such as +86 in its ;phone-context= parameter',
    };
  }
  const suffix = extension === undefined ? '' : `;ext=${extension}`;
  return { ok: true, number: numberIn(digits, context, region, suffix) };
}

function readContext(parameters: readonly string[]): string | undefined {
  const context = parameter(parameters, 'phone-context');
  return context?.startsWith('+') ? context.replace(VISUAL_SEPARATORS, '') : context?.toLowerCase();
}

function numberIn(
  digits: string,
  context: string | undefined,
  region: string | undefined,
  suffix: string,
): string {
  if (context === undefined) return (dialled(digits, region) ?? digits) + suffix;
  const number = context.startsWith('+') ? dialled(context + digits, undefined) : undefined;
  return number === undefined ? `${digits}${suffix};phone-context=${context}` : number + suffix;
}

function parameter(parameters: readonly string[], name: string): string | undefined {
  for (const parameter of parameters) {
    const at = parameter.indexOf('=');
    if (at > 0 && parameter.slice(0, at).trim().toLowerCase() === name) return parameter.slice(at + 1).trim();
  }
  return undefined;
}

/** The valid number that is reached by dialling these digits in this region. */
function dialled(digits: string, region: string | undefined): string | undefined {
  const key = region === undefined || digits.startsWith('+') ? digits : `${region}:${digits}`;
  let number = remembered.get(key);
  if (number === undefined) {
    number = lookUp(digits, region);
    remembered.set(key, number);
  }
  return number === NONE ? undefined : number;
}

function lookUp(digits: string, region: string | undefined): string {
  const options = region === undefined ? {} : { defaultCountry: region as CountryCode };
  const parsed = parsePhoneNumberFromString(digits, { ...options, extract: false });
  return parsed?.isValid() ? parsed.number : NONE;
}
