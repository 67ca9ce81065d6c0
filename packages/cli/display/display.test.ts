import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDisplay, type Progress, progressLine } from './display.ts';
import { formatCount, formatSeconds, Pace } from './pace.ts';

const HALF: Progress = {
  label: 'sending a.csv',
  fraction: 0.5,
  count: 12_345,
  perSecond: 8_100.4,
  remainingSeconds: 72,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function terminal(properties: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  return { ...properties, written, write: (text: string) => written.push(text) };
}

test('progress says how far, how fast and how long yet', () => {
  expect(progressLine(HALF)).toBe('sending a.csv · 50% · 12,345 touchpoints · 8,100/s · 1 min 12 s left');
  expect(progressLine({ label: 'sorting a.csv', count: 0, fraction: undefined })).toBe('sorting a.csv');
  expect(progressLine({ ...HALF, fraction: 1 })).toBe('sending a.csv · 100% · 12,345 touchpoints · 8,100/s');
});

test('elsewhere than on a terminal there is a line every five seconds', () => {
  const output = terminal({});
  const display = createDisplay(output);
  display.start(() => HALF);
  vi.advanceTimersByTime(10_100);
  display.stop();
  vi.advanceTimersByTime(60_000);
  expect(output.written).toEqual([`${progressLine(HALF)}\n`, `${progressLine(HALF)}\n`]);
});

test('on a terminal one line is drawn again and again, never wider than it, and gone in the end', () => {
  const output = terminal({ isTTY: true, columns: 59 });
  const display = createDisplay(output);
  display.start(() => HALF);
  vi.advanceTimersByTime(250);
  display.note('something to know');
  display.stop();
  vi.advanceTimersByTime(60_000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are steered by them
  const plain = output.written.map((text) => text.replaceAll(/\u001b\[[0-9;]*m/g, ''));
  const bar = `\r\u001b[K${'━'.repeat(30)} sending a.csv · 50% · 12,34`;
  expect(plain).toEqual([bar, bar, bar, '\r\u001b[Ksomething to know\n', bar, '\r\u001b[K']);
});

test('pace is that of this run, and unknown until there is one', () => {
  const pace = new Pace(1_000, 400);
  expect(pace.rate(1_400, 50)).toBeUndefined();
  expect(pace.rate(3_000, 50)).toBe(25);
  expect(pace.remainingSeconds(3_000, 600, 1_000)).toBe(4);
  expect(pace.remainingSeconds(3_000, 400, 1_000)).toBeUndefined();
});

test('numbers for people', () => {
  expect([59.4, 200, 7_500].map(formatSeconds)).toEqual(['59 s', '3 min 20 s', '2 h 5 min']);
  expect(formatCount(1_234_567.8)).toBe('1,234,568');
});
