import { momentsFor } from '../facts/moments.js';
import { nameOf } from './names.js';
import { typeName } from './type-names.js';
import { WORDS } from './words.js';

const REMEMBERED = 'touchline.language';

let current = 'en';
let times;

/** The language to begin with: the remembered one, else the first of the reader's that the page speaks, else English. */
export function chooseLanguage(remembered, preferred) {
  if (remembered === 'en' || remembered === 'zh') return remembered;
  const known = preferred.map((tag) => tag.toLowerCase().split('-')[0]);
  return known.find((tag) => tag === 'en' || tag === 'zh') ?? 'en';
}

/** Locale for dates and numbers; whoever reads English keeps their own order of day and month. */
export function localeOf(lang, preferred) {
  if (lang === 'zh') return 'zh-CN';
  return preferred.find((tag) => /^en-/i.test(tag)) ?? 'en-GB';
}

/** The word in a language, with `{name}` filled in. `n` chooses between the forms of a number. */
export function word(lang, key, values = {}) {
  const forms = WORDS[key][lang].split('|');
  const form = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (_, name) =>
    typeof values[name] === 'number' ? values[name].toLocaleString('en') : String(values[name] ?? ''),
  );
}

export function language() {
  return current;
}

/** `word` in the current language. */
export function t(key, values) {
  return word(current, key, values);
}

/** Name of a value in the current language. */
export function named(group, value) {
  return nameOf(group, value, current);
}

export function typeNamed(type) {
  return typeName(type)[current];
}

/** Of a text given in both languages, the one to show. */
export function either(text) {
  return text?.[current] ?? text?.en ?? '';
}

/** Times in the current language, where the reader is. */
export function moments() {
  return times;
}

/** `5 minutes ago`. */
export function agoNow(time) {
  return times.ago(time, Date.now()) ?? t('justNow');
}

export function setLanguage(lang) {
  current = lang;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  times = momentsFor(localeOf(lang, navigator.languages), timeZone);
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
}

export function rememberedLanguage() {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // storage may be forbidden
  }
}

export function rememberLanguage(lang) {
  try {
    localStorage.setItem(REMEMBERED, lang);
  } catch {
    // It then holds until the page is closed.
  }
}
