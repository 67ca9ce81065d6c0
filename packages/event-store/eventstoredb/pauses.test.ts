import { expect, test } from 'vitest';
import { Pauses } from './pauses.ts';

test('each pause is up to twice as long as the one before, until the longest; at least half of it', () => {
  const pauses = new Pauses(100, 1_000);
  for (const fullMs of [100, 200, 400, 800, 1_000, 1_000]) {
    const ms = pauses.nextMs();
    expect(ms).toBeGreaterThanOrEqual(fullMs / 2);
    expect(ms).toBeLessThanOrEqual(fullMs);
  }
  pauses.reset();
  expect(pauses.nextMs()).toBeLessThanOrEqual(100);
});

test('they stay what they are however often they were taken', () => {
  const pauses = new Pauses(100, 1_000);
  for (let taken = 0; taken < 5_000; taken += 1) expect(pauses.nextMs()).toBeLessThanOrEqual(1_000);
});

test('a pause ends with the reason of its signal', async () => {
  const stop = new AbortController();
  const pause = new Pauses(60_000, 60_000).next(stop.signal);
  const reason = new Error('no longer wanted');
  stop.abort(reason);
  await expect(pause).rejects.toBe(reason);
});
