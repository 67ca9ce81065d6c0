import { describe, expect, test } from 'vitest';

const { durationText, momentsFor } = await import(new URL('./moments.js', import.meta.url).href);

const NOW = Date.parse('2026-11-22T04:00:00Z');
const shanghai = momentsFor('en-GB', 'Asia/Shanghai');
const newYork = momentsFor('en-GB', 'America/New_York');

describe('a time', () => {
  test.each([
    ['2026-11-21T16:00:00Z', '2026-11-22', '2026-11-21'],
    ['2026-11-22T00:30:00+08:00', '2026-11-22', '2026-11-21'],
    ['2026-11-22T04:59:59Z', '2026-11-22', '2026-11-21'],
    ['2026-11-22T05:00:00Z', '2026-11-22', '2026-11-22'],
  ])('%s falls on %s in Shanghai and on %s in New York', (time, there, here) => {
    expect(shanghai.dayOf(time)).toBe(there);
    expect(newYork.dayOf(time)).toBe(here);
  });

  test('is shown with 24 hours, midnight as 00', () => {
    expect(shanghai.clock('2026-11-21T16:05:00Z')).toBe('00:05');
    expect(shanghai.clock('2026-11-22T15:59:00Z')).toBe('23:59');
  });

  test('is given with the zone it is read in', () => {
    expect(shanghai.zone(NOW)).toBe('Asia/Shanghai (GMT+8)');
  });
});

describe('a day', () => {
  test('is today or yesterday where the reader is', () => {
    expect(shanghai.nearDay('2026-11-21T17:00:00Z', NOW)).toBe('today');
    expect(shanghai.nearDay('2026-11-21T15:00:00Z', NOW)).toBe('yesterday');
    expect(shanghai.nearDay('2026-11-20T15:00:00Z', NOW)).toBeUndefined();
    expect(shanghai.nearDay('2026-11-22T17:00:00Z', NOW)).toBeUndefined();
  });

  test('is yesterday also across a change of the clock', () => {
    const monday = Date.parse('2026-11-02T06:00:00Z');
    expect(newYork.nearDay('2026-11-01T04:30:00Z', monday)).toBe('yesterday');
  });

  test('is headed without the year only in the present one', () => {
    expect(shanghai.heading('2026-11-22T01:00:00Z', NOW)).toMatch(/^Sunday,? 22 November$/);
    expect(shanghai.heading('2025-11-22T01:00:00Z', NOW)).toMatch(/^Saturday,? 22 November 2025$/);
    expect(momentsFor('zh-CN', 'Asia/Shanghai').heading('2025-11-22T01:00:00Z', NOW)).toBe(
      '2025年11月22日星期六',
    );
  });
});

describe('how long ago', () => {
  test.each([
    ['2026-11-22T03:59:40Z', undefined],
    ['2026-11-22T03:58:59Z', '1 minute ago'],
    ['2026-11-22T01:01:00Z', '2 hours ago'],
    ['2026-11-20T04:00:00Z', '2 days ago'],
    ['2026-08-01T04:00:00Z', '3 months ago'],
    ['2023-11-20T04:00:00Z', '3 years ago'],
  ])('%s is %s', (time, text) => {
    expect(shanghai.ago(time, NOW)).toBe(text);
  });

  test('is told in Chinese too', () => {
    expect(momentsFor('zh-CN', 'Asia/Shanghai').ago('2026-11-22T03:55:00Z', NOW)).toBe('5分钟前');
  });
});

describe('a duration', () => {
  test.each([
    [0, '0 s', '0 秒'],
    [59.6, '1 min', '1 分'],
    [200, '3 min 20 s', '3 分 20 秒'],
    [3_900, '1 h 5 min', '1 小时 5 分'],
    [3_601, '1 h', '1 小时'],
    [90_000, '1 d 1 h', '1 天 1 小时'],
  ])('of %d seconds is %s / %s', (seconds, en, zh) => {
    expect(durationText(seconds, 'en')).toBe(en);
    expect(durationText(seconds, 'zh')).toBe(zh);
  });
});
