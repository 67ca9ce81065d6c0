import { expect, test, vi } from 'vitest';
import { LogNews } from './log-news.ts';

const HOUR_MS = 3_600_000;
const settled = async (rest: Promise<void>): Promise<boolean> => {
  const over = vi.fn();
  void rest.then(over);
  await new Promise((resolve) => setImmediate(resolve));
  return over.mock.calls.length === 1;
};
const long = () => ({ atMostMs: HOUR_MS, signal: AbortSignal.timeout(HOUR_MS) });

test('who rests goes on with news, and only with news', async () => {
  const news = new LogNews();
  news.reaches(5n);
  const rest = news.rest(long());
  news.reaches(5n);
  expect(await settled(rest)).toBe(false);
  news.reaches(6n);
  await rest;
  expect(news.newest).toBe(6n);
});

test('who rests goes on when the time is over, and when it is told to end', async () => {
  const news = new LogNews();
  await news.rest({ ...long(), atMostMs: 1 });
  const end = new AbortController();
  const rest = news.rest({ atMostMs: HOUR_MS, signal: end.signal });
  end.abort();
  await rest;
  await news.rest({ atMostMs: HOUR_MS, signal: end.signal });
  expect(news.newest).toBe(0n);
});
