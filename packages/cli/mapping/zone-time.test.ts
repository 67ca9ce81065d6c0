import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Disambiguation, formatInstant, Zone } from './zone-time.ts';

function at(
  zoneName: string,
  local: string,
  disambiguation: Disambiguation = 'compatible',
): string | undefined {
  const zone = new Zone(zoneName);
  const instant = zone.instantOf(Date.parse(`${local}Z`), disambiguation);
  return instant === undefined ? undefined : formatInstant(instant, zone.offsetAt(instant));
}

test.each([
  ['UTC', '2017-01-28T19:06:53', '2017-01-28T19:06:53Z'],
  ['America/New_York', '2017-03-03T12:00:00', '2017-03-03T12:00:00-05:00'],
  ['America/New_York', '2017-07-03T12:00:00', '2017-07-03T12:00:00-04:00'],
  ['Asia/Shanghai', '2026-11-22T09:30:00', '2026-11-22T09:30:00+08:00'],
  ['Asia/Kolkata', '2026-11-22T09:30:00', '2026-11-22T09:30:00+05:30'],
  ['Asia/Shanghai', '1988-07-01T00:00:00', '1988-07-01T00:00:00+09:00'],
])('in %s clocks showing %s mean %s', (zone, local, expected) => expect(at(zone, local)).toBe(expected));

describe('a time that clocks skip (New York, 12 March 2017, 02:00 to 03:00)', () => {
  test.each([
    ['compatible', '2017-03-12T03:30:00-04:00'],
    ['later', '2017-03-12T03:30:00-04:00'],
    ['earlier', '2017-03-12T01:30:00-05:00'],
    ['reject', undefined],
  ] as const)('%s: %s', (disambiguation, expected) => {
    expect(at('America/New_York', '2017-03-12T02:30:00', disambiguation)).toBe(expected);
  });
});

describe('a time that clocks show twice (New York, 5 November 2017, 01:00 to 02:00)', () => {
  test.each([
    ['compatible', '2017-11-05T01:30:00-04:00'],
    ['earlier', '2017-11-05T01:30:00-04:00'],
    ['later', '2017-11-05T01:30:00-05:00'],
    ['reject', undefined],
  ] as const)('%s: %s', (disambiguation, expected) => {
    expect(at('America/New_York', '2017-11-05T01:30:00', disambiguation)).toBe(expected);
  });
});

test('a clock change of half an hour, and a day that never was', () => {
  expect(at('Australia/Lord_Howe', '2026-10-04T02:15:00')).toBe('2026-10-04T02:45:00+11:00');
  expect(at('Pacific/Apia', '2011-12-30T12:00:00')).toBe('2011-12-31T12:00:00+14:00');
});

test('what clocks show at an instant leads back to that instant, or to the other that shows the same', () => {
  const zones = [
    'UTC',
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'Asia/Shanghai',
    'America/Sao_Paulo',
  ];
  const known = zones.map((name) => new Zone(name));
  const instants = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) });
  fc.assert(
    fc.property(fc.constantFrom(...known), instants, (zone, instant) => {
      const local = instant + zone.offsetAt(instant);
      const earlier = zone.instantOf(local, 'earlier');
      const later = zone.instantOf(local, 'later');
      expect([earlier, later]).toContain(instant);
      expect(Date.parse(formatInstant(instant, zone.offsetAt(instant)))).toBe(instant);
    }),
  );
});

test('a zone that does not exist is refused', () =>
  expect(() => new Zone('Mars/Olympus')).toThrow(RangeError));
