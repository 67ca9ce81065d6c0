import { strongestFirst } from '../facts/identifiers.js';
import { customerAddress } from '../facts/route.js';
import { agoNow, moments, t, typeNamed } from '../words/language.js';
import { typeName } from '../words/type-names.js';
import { definitions, element } from './element.js';
import { identifierText, nameOfCustomer } from './identifier.js';

/** Who the customer is and how much there is. */
export function customerFacts(customer, { isMoved = false } = {}) {
  const total = Object.values(customer.counts).reduce((sum, count) => sum + count, 0);
  return [
    element('h1', {}, nameOfCustomer(customer)),
    isMoved && element('p', { class: 'moved' }, t('moved')),
    customer.identifiers.length > 0 &&
      element(
        'ul',
        { class: 'identifiers', 'aria-label': t('identifiers') },
        strongestFirst(customer.identifiers).map(({ identifier, shared }) =>
          element('li', {}, identifierText(identifier, { isShared: shared })),
        ),
      ),
    definitions('facts', [
      [t('lastSeen'), customer.last && when(customer.last)],
      [t('firstSeen'), customer.first && when(customer.first)],
      [t('total'), total.toLocaleString('en')],
    ]),
  ];
}

function when(time) {
  return [
    element('time', { datetime: time, title: moments().full(time) }, moments().date(time)),
    element('span', { class: 'quiet' }, agoNow(time)),
  ];
}

/** Touchpoints by type, most first; each filters the timeline. */
export function countsByType(customer, chosen) {
  const counts = Object.entries(customer.counts).sort((a, b) => b[1] - a[1]);
  const most = counts[0]?.[1] ?? 1;
  return element(
    'ol',
    { class: 'counts' },
    counts.map(([type, count]) =>
      element(
        'li',
        { class: typeName(type).group },
        element(
          'a',
          {
            href: customerAddress(customer.customerid, type === chosen ? {} : { type }),
            'aria-current': type === chosen ? 'true' : undefined,
          },
          element('span', { class: 'count-name' }, typeNamed(type)),
          element('span', { class: 'count-value' }, String(count)),
          element('meter', { max: most, value: count, 'aria-hidden': 'true' }),
        ),
      ),
    ),
  );
}

/** Where an identifier is shared: the customers it may be, as far as they are known. */
export function candidatesNote(candidates) {
  return element(
    'section',
    { class: 'card candidates' },
    element('h2', {}, t('candidates')),
    element('p', { class: 'quiet' }, t('candidatesHint')),
    element(
      'ul',
      {},
      candidates.map((candidate) =>
        element(
          'li',
          {},
          element(
            'a',
            { href: customerAddress(candidate.customerid) },
            candidate.identifiers ? nameOfCustomer(candidate) : candidate.customerid,
          ),
        ),
      ),
    ),
  );
}
