import { readValue } from '../facts/body-values.js';
import { fieldName } from '../words/field-names.js';
import { language, moments, t } from '../words/language.js';
import { definitions, element } from './element.js';
import { identifierText } from './identifier.js';

const MAX_DEPTH = 5;
const IDENTIFIER = /^(?:tel|mailto|account|wechat|device|cookie):\S/;

/** Fields of a body, whatever they are: `[[field, value]]`. */
export function bodyFields(fields, depth = 0) {
  if (fields.length === 0) return undefined;
  return definitions(
    'facts body',
    fields.map(([field, value]) => [fieldName(field, language()), shownValue(field, value, depth)]),
  );
}

export function shownValue(field, value, depth = 0) {
  if (depth > MAX_DEPTH) return element('code', {}, JSON.stringify(value));
  const read = readValue(field, value, language());
  switch (read.kind) {
    case 'flag':
      return t(read.value ? 'yes' : 'no');
    case 'time':
      return element('time', { datetime: read.time }, moments().full(read.time));
    case 'table':
      return table(read, depth);
    case 'list':
      return element(
        'ul',
        { class: 'values' },
        read.values.map((one) => element('li', {}, shownValue('', one, depth + 1))),
      );
    case 'record':
      return bodyFields(read.fields, depth + 1) ?? '—';
    default:
      return IDENTIFIER.test(read.text)
        ? identifierText(read.text)
        : element('span', { class: 'prose' }, read.text);
  }
}

function table({ columns, rows }, depth) {
  return element(
    'div',
    { class: 'table', tabindex: 0 },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map((column) => element('th', { scope: 'col' }, fieldName(column, language()))),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((row) =>
          element(
            'tr',
            {},
            columns.map((column) =>
              element('td', {}, row[column] === undefined ? '' : shownValue(column, row[column], depth + 1)),
            ),
          ),
        ),
      ),
    ),
  );
}
