import { markWords } from '../facts/fragments.js';
import { callName, readIdentifier, readReference } from '../facts/identifiers.js';
import { searchAddress } from '../facts/route.js';
import { named, t } from '../words/language.js';
import { element } from './element.js';

/** An identifier with what kind it is; `isLinked` where it may be called or written to from here. */
export function identifierText(uri, { isShared = false, isLinked = true, question = '' } = {}) {
  const { kind, text: plain, owner, href, isReference } = readIdentifier(uri);
  const text = marked(plain, question);
  return element(
    'span',
    { class: 'identifier' },
    element('span', { class: 'kind' }, named(isReference ? 'reference' : 'kind', kind)),
    isLinked && href ? element('a', { href }, text) : element('span', {}, text),
    owner && element('span', { class: 'owner' }, owner),
    isShared && element('span', { class: 'badge shared', title: t('sharedHint') }, t('shared')),
  );
}

/** A business object; leads to everything that is known about it. */
export function referenceText(reference) {
  const { kind, owner, text } = readReference(reference);
  return element(
    'a',
    { class: 'reference', href: searchAddress(text), title: reference },
    kind && element('span', { class: 'kind' }, named('reference', kind)),
    element('span', { class: 'value' }, text),
    owner && element('span', { class: 'owner' }, owner),
  );
}

export function nameOfCustomer(customer) {
  return callName(customer) ?? t('unnamed');
}

/** A text with the words of a question marked. */
export function marked(text, question) {
  return markWords(text, question).map(({ text: piece, isMatch }) =>
    isMatch ? element('mark', {}, piece) : piece,
  );
}
