import { strongestFirst } from '../facts/identifiers.js';
import { customerAddress } from '../facts/route.js';
import { askFor } from '../server/ask.js';
import { moments, t } from '../words/language.js';
import { definitions, element, fill } from './element.js';
import { identifierText, referenceText } from './identifier.js';
import { problemNote } from './problem.js';

const MAX_SHOWN = 30;
const DECISIONS = { merge: 'decisionMerge', nomerge: 'decisionNomerge', shared: 'decisionShared' };
const REVIEWS = { accounts: 'reviewAccounts', nomerge: 'reviewNomerge' };

/** Why these identifiers are one customer. Asked for when it is opened. */
export function identityDetails({ customerid, mergedfrom = [] }) {
  const body = element('div', { class: 'evidence' });
  let evidence;

  const show = async () => {
    fill(body, element('p', { class: 'quiet' }, t('loading')));
    try {
      evidence = await askFor(`/v1/customers/${encodeURIComponent(customerid)}/identity`);
      fill(body, evidenceOf(evidence, customerid));
    } catch (problem) {
      fill(body, problemNote(problem, { retry: show }));
    }
  };
  return element(
    'details',
    {
      class: 'identity',
      ontoggle: ({ target }) => {
        if (target.open) show();
      },
    },
    element('summary', {}, t('identity')),
    body,
    ids(customerid, mergedfrom),
  );
}

function evidenceOf({ links = [], ties = [], decisions = [], reviews = [] }, customerid) {
  const parts = [
    group(t('links'), t('linksHint'), [...links, ...ties], (link) => [
      seenTogether(link),
      proof(link, customerid),
    ]),
    group(t('decisions'), undefined, decisions, (decision) => decided(decision, customerid)),
    group(t('reviews'), undefined, reviews, (review) => [
      element('strong', {}, REVIEWS[review.why] ? t(REVIEWS[review.why]) : (review.why ?? review.reason)),
      seenTogether(review),
      proof(review, customerid),
    ]),
  ].filter(Boolean);
  return parts.length > 0 ? parts : element('p', { class: 'quiet' }, t('nothingToExplain'));
}

function group(title, hint, rows, show) {
  if (rows.length === 0) return undefined;
  const items = rows.slice(0, MAX_SHOWN).map((row) => element('li', {}, show(row)));
  const left = rows.length - items.length;
  return element(
    'section',
    {},
    element('h3', {}, title),
    hint && element('p', { class: 'quiet' }, hint),
    element('ul', {}, items),
    left > 0 && element('p', { class: 'quiet' }, t('more', { n: left })),
  );
}

/** Erased identifiers are `null` and cannot be shown. */
function seenTogether({ identifiers = [], reference }) {
  const uris = strongestFirst(identifiers.filter((uri) => uri !== null && uri !== reference));
  return element(
    'span',
    { class: 'together' },
    reference && element('span', {}, referenceText(reference)),
    uris.map((uri) => element('span', {}, identifierText(uri, { isLinked: false }))),
  );
}

function decided({ kind, by, reason, time, active, parties = [], undone, eventid }, customerid) {
  return [
    element(
      'strong',
      { class: active === false ? 'over' : undefined },
      DECISIONS[kind] ? t(DECISIONS[kind]) : kind,
    ),
    active === false && element('span', { class: 'badge' }, t('undone')),
    parties.length > 0 && seenTogether({ identifiers: parties.filter((party) => /:/.test(party)) }),
    reason && element('q', {}, reason),
    element('span', { class: 'quiet' }, [by, time && moments().full(time)].filter(Boolean).join(' · ')),
    undone &&
      element(
        'span',
        { class: 'quiet' },
        [t('undone'), undone.by, undone.reason].filter(Boolean).join(' · '),
      ),
    proof({ eventid }, customerid),
  ];
}

/** The touchpoint that proves it, where it stands in the timeline. */
function proof({ eventid, time }, customerid) {
  if (!eventid) return undefined;
  const words = time ? moments().full(time) : t('evidence');
  return element('a', { class: 'proof', href: customerAddress(customerid, { entry: eventid }) }, words);
}

/** Ids, for whoever talks to the API. */
function ids(customerid, mergedfrom) {
  return definitions('facts small ids', [
    [t('customerId'), element('code', {}, customerid)],
    [t('mergedFrom'), mergedfrom.length > 0 && mergedfrom.map((id) => element('code', {}, id))],
  ]);
}
