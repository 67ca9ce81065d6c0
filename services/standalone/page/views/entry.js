import { either, moments, named, t } from '../words/language.js';
import { typeName } from '../words/type-names.js';
import { element } from './element.js';
import { entryDetails } from './entry-details.js';
import { entryIcon } from './icons.js';

/** One line of a timeline; opens to everything that was recorded. */
export function entryItem(entry, { isOpen, onToggle }) {
  const { group } = typeName(entry.type);
  const details = element('details', { open: isOpen }, summary(entry));
  const fillOnce = () => {
    if (details.open && details.children.length === 1) details.append(entryDetails(entry));
  };
  details.addEventListener('toggle', () => {
    fillOnce();
    onToggle(details.open);
  });
  fillOnce();
  const states = ['late', 'corrected', 'retracted', 'erased'].filter((state) => entry[state]);
  return element(
    'li',
    {
      class: ['entry', group, ...states.map((state) => `is-${state}`)].join(' '),
      'data-eventid': entry.eventid,
    },
    element('span', { class: 'mark-of' }, entryIcon(entry, group)),
    details,
  );
}

function summary(entry) {
  return element(
    'summary',
    { onclick: keepSelection },
    element(
      'span',
      { class: 'entry-line' },
      element(
        'time',
        { datetime: entry.time, title: moments().full(entry.time) },
        moments().clock(entry.time),
      ),
      element('span', { class: 'entry-title' }, either(entry.title)),
      badges(entry),
    ),
    element(
      'span',
      { class: 'entry-meta' },
      element('span', {}, named('channel', entry.channel)),
      element('span', {}, named('department', entry.department)),
      entry.agent && element('span', {}, agentName(entry.agent)),
    ),
    entry.description && element('span', { class: 'entry-description' }, entry.description),
  );
}

function badges(entry) {
  const hints = { late: t('lateHint'), erased: t('erasedHint') };
  return ['late', 'corrected', 'retracted', 'erased']
    .filter((state) => entry[state])
    .map((state) => element('span', { class: `badge ${state}`, title: hints[state] }, t(state)));
}

export function agentName(agent) {
  return typeof agent === 'object' ? (agent.name ?? agent.id ?? '') : String(agent);
}

/** Marking text to copy it is no wish to open or close. */
function keepSelection(event) {
  const selection = getSelection();
  if (selection && !selection.isCollapsed && event.currentTarget.contains(selection.anchorNode))
    event.preventDefault();
}
