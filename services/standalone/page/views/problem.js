import { homeAddress } from '../facts/route.js';
import { language, t } from '../words/language.js';
import { CHINESE_PROBLEMS } from '../words/problem-words.js';
import { element } from './element.js';

/** A problem in words. With `retry`, a button that calls it. */
export function problemNote(problem, { retry } = {}) {
  const { title, detail, code } = wordsOf(problem);
  return element(
    'div',
    { class: 'problem', role: 'alert' },
    element('p', { class: 'problem-title' }, title),
    detail && element('p', {}, detail),
    code && element('p', { class: 'problem-code' }, element('code', {}, code)),
    retry && element('button', { type: 'button', onclick: retry }, t('tryAgain')),
  );
}

/** A page that is not there, and why. */
export function nowhere(problem) {
  return element(
    'div',
    { class: 'nowhere' },
    element('h1', {}, problem === undefined ? t('noSuchPage') : wordsOf(problem).title),
    element('p', {}, element('a', { href: homeAddress() }, t('toStart'))),
  );
}

function wordsOf({ code, title, detail, status }) {
  if (code === 'unreachable') return { title: t('noConnection'), detail: t('noConnectionHint') };
  if (status === undefined) return { title: t('unexpected') };
  const chinese = language() === 'zh' ? CHINESE_PROBLEMS[code] : undefined;
  return {
    title: chinese ?? (title || t('unexpected')),
    detail: detail === title ? undefined : detail,
    code,
  };
}
