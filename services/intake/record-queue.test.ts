import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import { expect, test, vi } from 'vitest';
import { DEFAULT_LIMITS } from './limits.ts';
import { RecordQueue } from './record-queue.ts';
import { call, NOW } from './testing/intake-server.ts';
import { ScriptedJournal, StoreFailure } from './testing/scripted-journal.ts';

/** Longer than the default of a second: a busy machine is no failure. */
const PATIENTLY = { timeout: 10_000 };

function touchpoint(number: number): Touchpoint {
  const parsed = catalogue.parse(call(number), { now: NOW });
  if (!parsed.ok) throw new Error('the test event is not valid');
  return parsed.touchpoint;
}

/** Holds every call until the test lets it go. */
function held(journal: ScriptedJournal): { letGo(): void } {
  const waiting: (() => void)[] = [];
  journal.before = () => new Promise((resolve) => waiting.push(resolve));
  return {
    letGo() {
      for (const go of waiting.splice(0)) go();
    },
  };
}

test('what arrives together shares one call, in the order of arrival', async () => {
  const journal = new ScriptedJournal();
  const queue = new RecordQueue(journal, DEFAULT_LIMITS);
  const outcomes = await Promise.all([1, 2, 3].map((number) => queue.record(touchpoint(number))));
  expect(journal.calls).toEqual([['call-1', 'call-2', 'call-3']]);
  expect(outcomes.map((outcome) => outcome.ok && outcome.position)).toEqual([1n, 2n, 3n]);
});

test('what arrives while calls are under way goes together with the next one', async () => {
  const journal = new ScriptedJournal();
  const gate = held(journal);
  const queue = new RecordQueue(journal, { ...DEFAULT_LIMITS, maxCallsUnderWay: 1 });
  const first = queue.record(touchpoint(1));
  await vi.waitFor(() => expect(journal.calls).toHaveLength(1), PATIENTLY);
  const rest = [2, 3, 4].map((number) => queue.record(touchpoint(number)));
  gate.letGo();
  await first;
  await vi.waitFor(() => expect(journal.calls).toHaveLength(2), PATIENTLY);
  gate.letGo();
  await Promise.all(rest);
  expect(journal.calls).toEqual([['call-1'], ['call-2', 'call-3', 'call-4']]);
});

test('no call is larger than allowed', async () => {
  const journal = new ScriptedJournal();
  const queue = new RecordQueue(journal, { ...DEFAULT_LIMITS, maxGroupTouchpoints: 2, maxCallsUnderWay: 1 });
  await Promise.all([1, 2, 3, 4, 5].map((number) => queue.record(touchpoint(number))));
  expect(journal.calls.map((ids) => ids.length)).toEqual([2, 2, 1]);
});

test('more than may wait is refused, and accepted again when there is room', async () => {
  const journal = new ScriptedJournal();
  const gate = held(journal);
  const queue = new RecordQueue(journal, { ...DEFAULT_LIMITS, maxWaiting: 2, maxCallsUnderWay: 1 });
  const waiting = [1, 2].map((number) => queue.record(touchpoint(number)));
  await expect(queue.record(touchpoint(3))).rejects.toMatchObject({ code: 'too-many-requests', status: 429 });
  await vi.waitFor(() => expect(journal.calls).toHaveLength(1), PATIENTLY);
  const later = queue.record(touchpoint(4));
  gate.letGo();
  await Promise.all(waiting);
  await vi.waitFor(() => expect(journal.calls).toHaveLength(2), PATIENTLY);
  gate.letGo();
  expect(await later).toMatchObject({ ok: true });
});

test('a failure of the store is told to everyone in the call, and the next call goes on', async () => {
  const journal = new ScriptedJournal();
  journal.before = (_, number) => {
    if (number === 1) throw new StoreFailure('event-store-busy');
  };
  const queue = new RecordQueue(journal, DEFAULT_LIMITS);
  const outcomes = await Promise.allSettled([1, 2].map((number) => queue.record(touchpoint(number))));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await queue.record(touchpoint(1))).toMatchObject({ ok: true, duplicate: false });
});

test('one touchpoint that trips over a defect does not take its neighbours along', async () => {
  const journal = new ScriptedJournal();
  journal.before = (touchpoints) => {
    if (touchpoints.some(({ id }) => id === 'call-3')) throw new TypeError('a defect');
  };
  const queue = new RecordQueue(journal, DEFAULT_LIMITS);
  const outcomes = await Promise.all([1, 2, 3, 4, 5].map((number) => queue.record(touchpoint(number))));
  expect(outcomes.map((outcome) => (outcome.ok ? 'recorded' : outcome.code))).toEqual([
    'recorded',
    'recorded',
    'internal',
    'recorded',
    'recorded',
  ]);
});
