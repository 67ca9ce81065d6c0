import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const { amendsOthers, changesIn, compareEntries, groupByDay, passes, withEntries, withEntry } = await import(
  new URL('./entries.js', import.meta.url).href
);

interface Entry {
  eventid: string;
  time: string;
}

const anEntry: fc.Arbitrary<Entry> = fc.record({
  eventid: fc.integer({ min: 0, max: 30 }).map((n) => `e${n}`),
  time: fc.integer({ min: 0, max: 5 }).map((hours) => new Date(hours * 21_600_000).toISOString()),
});
const someEntries = fc.uniqueArray(anEntry, { selector: (entry) => entry.eventid, maxLength: 30 });
const dayOf = (time: string) => time.slice(0, 10);

describe('the order of a timeline', () => {
  test('is by time, then by event id, latest first', () => {
    const entries = [
      { eventid: 'a', time: '2026-11-22T10:00:00+08:00' },
      { eventid: 'b', time: '2026-11-22T02:00:00Z' },
      { eventid: 'c', time: '2026-11-22T03:00:00Z' },
    ];
    expect(entries.toSorted(compareEntries).map((entry) => entry.eventid)).toEqual(['c', 'b', 'a']);
  });

  test('comes out the same whichever way the entries came in', () => {
    fc.assert(
      fc.property(someEntries, (entries) => {
        const oneByOne = entries.reduce((known: Entry[], entry) => withEntry(known, entry).entries, []);
        expect(oneByOne).toEqual(entries.toSorted(compareEntries));
        expect(withEntries([], entries)).toEqual(oneByOne);
      }),
    );
  });

  test('an entry that comes again changes nothing', () => {
    fc.assert(
      fc.property(someEntries, fc.nat(), (entries, pick) => {
        fc.pre(entries.length > 0);
        const sorted = entries.toSorted(compareEntries);
        const at = pick % sorted.length;
        expect(withEntry(sorted, sorted[at])).toEqual({ entries: sorted, at, isNew: false });
      }),
    );
  });

  test('a later version of an entry replaces it', () => {
    const [before, after] = [
      { eventid: 'a', time: '2026-11-22T02:00:00Z' },
      { eventid: 'a', time: '2026-11-22T02:00:00Z', late: true },
    ];
    expect(withEntries([before], [after])).toEqual([after]);
  });
});

describe('days', () => {
  test('hold every entry once, in order, each day once', () => {
    fc.assert(
      fc.property(someEntries, (entries) => {
        const sorted = entries.toSorted(compareEntries);
        const days: { day: string; entries: Entry[] }[] = groupByDay(sorted, dayOf);
        expect(days.flatMap((day) => day.entries)).toEqual(sorted);
        expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
        for (const { day, entries: ofDay } of days)
          expect(ofDay.every(({ time }) => dayOf(time) === day)).toBe(true);
      }),
    );
  });
});

describe('an entry that comes in', () => {
  const entry = {
    type: 'touchline.order.placed.v1',
    channel: 'web',
    department: 'sales',
    time: '2026-11-22T02:00:00Z',
  };

  test.each([
    [{}, undefined, 'yes'],
    [{ channel: 'web', department: 'sales', type: entry.type }, undefined, 'yes'],
    [{ channel: 'phone' }, undefined, 'no'],
    [{ department: 'finance' }, undefined, 'no'],
    [{ type: 'touchline.order.changed.v1' }, undefined, 'no'],
    [{ q: '冰箱' }, undefined, 'ask'],
    [{ q: '冰箱', channel: 'phone' }, undefined, 'no'],
    [{}, '2026-11-22T02:00:00Z', 'no'],
    [{}, '2026-11-22T02:00:00.001Z', 'yes'],
  ])('with the filter %j until %s: %s', (filter, end, answer) => {
    expect(passes(entry, filter, end)).toBe(answer);
  });

  test('that no longer belongs on the page leads to reading it again', () => {
    expect(passes({ ...entry, retracted: {} }, {}, undefined)).toBe('ask');
    expect(passes({ ...entry, retracted: {} }, { retracted: '1' }, undefined)).toBe('yes');
    expect(passes({ ...entry, corrected: {} }, { channel: 'phone' }, undefined)).toBe('ask');
    expect(passes({ ...entry, corrected: {} }, { channel: 'web' }, undefined)).toBe('yes');
  });

  test.each([
    ['touchline.record.corrected.v1', true],
    ['touchline.record.retracted.v1', true],
    ['touchline.customer.erased.v1', true],
    ['touchline.order.placed.v1', false],
  ])('%s makes others read differently: %s', (type, answer) => {
    expect(amendsOthers({ type })).toBe(answer);
  });
});

test('a correction shows the fields that differ, also those added and left out', () => {
  const original = { amount: { amount: '20.00', currency: 'CNY' }, kind: 'voucher', order: '8891' };
  const data = { amount: { amount: '200.00', currency: 'CNY' }, kind: 'voucher', reason: 'delivery.late' };
  expect(changesIn(original, data)).toEqual([
    { field: 'amount', before: original.amount, after: data.amount },
    { field: 'order', before: '8891', after: undefined },
    { field: 'reason', before: undefined, after: 'delivery.late' },
  ]);
});
