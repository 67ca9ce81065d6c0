import { element } from '../views/element.js';
import { t } from '../words/language.js';

/** What came of comparing: which tables, and the first rows that differ, column by column. */
export function verificationOf({ position, equal, tables, differences }) {
  return element(
    'details',
    { class: 'verification', open: !equal },
    element(
      'summary',
      { class: equal ? 'equal' : 'different' },
      equal ? t('comparedEqual', { position }) : t('comparedDifferent', { position }),
    ),
    element('p', { class: 'caption' }, t('tables')),
    element(
      'ul',
      { class: 'tables' },
      tables.map(({ table, equal: isEqual }) =>
        element('li', { class: isEqual ? 'equal' : 'different' }, `${isEqual ? '=' : '≠'} ${table}`),
      ),
    ),
    differences.length > 0 && differencesTable(differences),
  );
}

function differencesTable(differences) {
  const heads = [t('row'), t('column'), t('served'), t('rebuilt'), t('firstEvent')];
  return element(
    'div',
    { class: 'scrolling' },
    element('p', { class: 'caption' }, t('differences')),
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          heads.map((head) => element('th', { scope: 'col' }, head)),
        ),
      ),
      element('tbody', {}, differences.map(rowsOf)),
    ),
  );
}

function rowsOf({ table, key, columns, live, rebuilt, firstevent }) {
  const isThere = live !== null && rebuilt !== null;
  const shown = isThere && columns.length > 0 ? columns : [undefined];
  return shown.map((column, at) =>
    element(
      'tr',
      {},
      at === 0 &&
        element(
          'th',
          { scope: 'rowgroup', rowspan: shown.length },
          table,
          ' ',
          element('code', {}, JSON.stringify(key)),
        ),
      element('td', {}, column ?? ''),
      element('td', {}, cell(live, column)),
      element('td', {}, cell(rebuilt, column)),
      at === 0 && element('td', { rowspan: shown.length }, firstevent ?? '–'),
    ),
  );
}

function cell(row, column) {
  if (row === null) return element('em', {}, t('noRow'));
  return element('code', {}, JSON.stringify(column === undefined ? row : row[column]));
}
