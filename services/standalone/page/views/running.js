import { durationText } from '../facts/moments.js';
import { askFor } from '../server/ask.js';
import { language, named, t } from '../words/language.js';
import { definitions, element } from './element.js';
import { problemNote } from './problem.js';

/** The code of a read model that is being built. */
export const LOADING = 'read-model-loading';

/**
 * What the server says of itself: `{ touchpoints, version, uptimeSeconds, readModels, checks, isReady, problem }`.
 * Never throws: that it does not answer is an answer too.
 */
export async function readStatus(signal) {
  const [ready, status] = await Promise.all([readiness(signal), outcome(askFor('/v1/status', { signal }))]);
  if (status.problem !== undefined) return { ...ready, problem: status.problem };
  const { touchpoints, ...rest } = status.value;
  return { ...rest, touchpoints: touchpoints === undefined ? undefined : Number(touchpoints), ...ready };
}

async function readiness(signal) {
  const { value, problem } = await outcome(askFor('/health/ready', { signal }));
  const checks = value?.checks ?? problem?.members?.checks ?? [];
  return { isReady: value?.status === 'ready', isReachable: problem?.code !== 'unreachable', checks };
}

function outcome(promise) {
  return promise.then(
    (value) => ({ value }),
    (problem) => ({ problem }),
  );
}

export function runningCard(status) {
  return [
    element('h2', {}, t('running')),
    overall(status),
    status?.touchpoints !== undefined && count(status.touchpoints),
    status?.isReachable && status.problem && problemNote(status.problem),
    status?.readModels?.length > 0 && readModels(status.readModels),
    status?.checks?.some(({ ok }) => !ok) && checks(status.checks),
    status?.version !== undefined &&
      definitions('facts small', [
        [t('version'), status.version],
        [t('runningFor'), durationText(status.uptimeSeconds ?? 0, language())],
      ]),
  ];
}

function overall(status) {
  if (status === undefined) return state('waiting', t('asking'));
  if (!status.isReachable) return state('bad', t('unreachable'));
  if (status.isReady) return state('good', t('ready'));
  const failing = status.checks.filter(({ ok }) => !ok);
  const isStarting = failing.length > 0 && failing.every(({ code }) => code === LOADING);
  return isStarting ? state('waiting', t('starting')) : state('bad', t('notReady'));
}

function state(kind, text) {
  return element(
    'p',
    { class: `state ${kind}` },
    element('span', { class: 'lamp', 'aria-hidden': 'true' }),
    text,
  );
}

function count(touchpoints) {
  return element(
    'p',
    { class: 'count' },
    element('strong', {}, touchpoints.toLocaleString('en')),
    ' ',
    t('recorded', { n: touchpoints }),
  );
}

function readModels(models) {
  return captioned(
    t('readModels'),
    models.map((model) => [model.name, standing(model)]),
  );
}

/** How far a read model has come, and whether it holds anybody back. */
function standing({ lag, parked, state: where }) {
  const behind = Number(lag?.events ?? lag ?? 0);
  const waiting = Number(parked ?? 0);
  const isMoving = where === undefined || where === 'live' || where === 'running' || where === 'catching-up';
  return [
    isMoving ? (behind > 0 ? t('behind', { n: behind }) : t('upToDate')) : named('state', where),
    waiting > 0 && element('span', { class: 'warning' }, t('parked', { n: waiting })),
  ];
}

function checks(results) {
  const answer = ({ ok, code }) =>
    ok ? t('works') : element('span', { class: 'warning' }, code ?? t('fails'));
  return captioned(
    t('checks'),
    results.map((result) => [result.name, answer(result)]),
  );
}

function captioned(caption, pairs) {
  return element('div', {}, element('p', { class: 'caption' }, caption), definitions('facts small', pairs));
}
