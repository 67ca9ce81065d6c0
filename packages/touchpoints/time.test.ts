import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDay, parseTime } from './time.ts';

describe('parseTime', () => {
  it.each([
    ['2026-11-22T09:30:00+08:00', '2026-11-22T01:30:00.000Z'],
    ['2026-11-22t01:30:00z', '2026-11-22T01:30:00.000Z'],
    ['2026-11-22T01:30:00.123456789Z', '2026-11-22T01:30:00.123Z'],
    ['2026-11-22T01:30:00.5-00:30', '2026-11-22T02:00:00.500Z'],
    ['2026-01-01T00:00:00+14:00', '2025-12-31T10:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1900-01-01T00:00:00Z', '1900-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T07:59:60+08:00', '2017-01-01T00:00:00.000Z'],
  ])('reads %s as %s', (text, utc) => {
    expect(new Date(parseTime(text) ?? Number.NaN).toISOString()).toBe(utc);
  });

  it.each([
    ['no offset', '2026-11-22T09:30:00'],
    ['an offset without colon', '2026-11-22T09:30:00+0800'],
    ['an offset of 24 hours', '2026-11-22T09:30:00+24:00'],
    ['a space for the T', '2026-11-22 09:30:00Z'],
    ['no seconds', '2026-11-22T09:30Z'],
    ['a day that is not in the calendar', '2026-02-29T09:30:00Z'],
    ['the 31st of April', '2026-04-31T09:30:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['24:00', '2026-11-22T24:00:00Z'],
    ['a leap second in the middle of a day', '2026-11-22T12:00:60Z'],
    ['a point without digits', '2026-11-22T09:30:00.Z'],
    ['ten digits of fraction', '2026-11-22T09:30:00.1234567890Z'],
    ['a year before 1900', '1899-12-31T23:59:59Z'],
    ['five digits of year', '12026-11-22T09:30:00Z'],
    ['something after the offset', '2026-11-22T09:30:00Z '],
    ['digits of another script', '２０２６-11-22T09:30:00Z'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('agrees with the platform on every instant it can write', () => {
    const instants = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it('takes away the offset', () => {
    const minutes = fc.integer({ min: -1_439, max: 1_439 });
    fc.assert(
      fc.property(minutes, (offset) => {
        const [hh, mm] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const text = `2026-11-22T12:00:00${offset < 0 ? '-' : '+'}${hh}:${mm}`;
        expect(parseTime(text)).toBe(Date.UTC(2026, 10, 22, 12) - offset * 60_000);
      }),
    );
  });
});

describe('isDay', () => {
  it('takes days of the calendar only', () => {
    expect(['2026-11-22', '2024-02-29', '2026-02-29', '2026-1-2', '2026-11-22Z'].map(isDay)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
