import { ownFields } from '../facts/body-values.js';
import { changesIn } from '../facts/entries.js';
import { durationText } from '../facts/moments.js';
import { askFor } from '../server/ask.js';
import { fieldName } from '../words/field-names.js';
import { language, moments, named, t, typeNamed } from '../words/language.js';
import { bodyFields, shownValue } from './body-fields.js';
import { definitions, element, fill } from './element.js';
import { referenceText } from './identifier.js';
import { problemNote } from './problem.js';

/** Everything an entry says, for whoever opened it. */
export function entryDetails(entry) {
  return element(
    'div',
    { class: 'entry-details' },
    entry.retracted && amendment('retractedBy', entry.retracted),
    entry.corrected && amendment('correctedBy', entry.corrected, changes(entry)),
    entry.erased && element('p', { class: 'quiet' }, t('erasedHint')),
    bodyFields(ownFields(entry.data)),
    facts(entry),
    element(
      'details',
      { class: 'raw' },
      element('summary', {}, t('asJson')),
      element('pre', { tabindex: 0 }, element('code', {}, JSON.stringify(entry, null, 2))),
    ),
  );
}

function facts(entry) {
  return definitions('facts small', [
    [t('about'), entry.about?.length > 0 && entry.about.map(referenceText)],
    [t('reason'), entry.reason && element('code', {}, entry.reason)],
    [t('direction'), entry.direction && named('direction', entry.direction)],
    [t('stage'), entry.stage && named('stage', entry.stage)],
    [t('agent'), entry.agent && agentText(entry.agent)],
    [t('type'), [typeNamed(entry.type), element('code', {}, entry.type)]],
    [t('happened'), moments().full(entry.time)],
    [t('recordedAt'), recorded(entry)],
    [t('source'), entry.source && element('code', {}, `${entry.source} ${entry.id ?? ''}`.trim())],
    [t('eventid'), element('code', {}, entry.eventid)],
    [t('position'), element('code', {}, entry.position)],
  ]);
}

/** How much later, where it was so late that nobody could know it when it mattered. */
function recorded({ time, recordedtime, late }) {
  const length = durationText((Date.parse(recordedtime) - Date.parse(time)) / 1000, language());
  return [moments().full(recordedtime), late && element('span', { class: 'quiet' }, t('later', { length }))];
}

function agentText(agent) {
  return typeof agent === 'object' ? [agent.name, agent.id].filter(Boolean).join(' · ') : String(agent);
}

/** Who took it back or put it right, when and why. */
function amendment(words, { time, by, reason }, ...more) {
  return element(
    'div',
    { class: 'amendment' },
    element('p', {}, t(words, { time: moments().full(time), by: by ?? t('somebody') })),
    reason && element('q', {}, reason),
    more,
  );
}

/** What it said before is asked for when somebody looks: a timeline holds only the version that counts. */
function changes(entry) {
  const place = element('div', { 'aria-live': 'polite' });
  const read = () => {
    fill(place, element('p', { class: 'quiet' }, t('loading')));
    askFor(`/v1/entries/${encodeURIComponent(entry.eventid)}?limit=1`).then(
      ({ original, data }) => fill(place, changesList(original, data)),
      (problem) => fill(place, problemNote(problem, { retry: read })),
    );
  };
  read();
  return place;
}

function changesList(original, data) {
  const changed = changesIn(original, data);
  if (changed.length === 0) return undefined;
  return definitions(
    'facts small',
    changed.map(({ field, before, after }) => [
      fieldName(field, language()),
      [
        after === undefined ? '—' : shownValue(field, after),
        before !== undefined &&
          element('span', { class: 'before' }, `${t('was')} `, element('s', {}, shownValue(field, before))),
      ],
    ]),
  );
}
