import { expect, test } from 'vitest';
import { FailedAttempts } from './failed-attempts.ts';

function attempts(options: { maxPerWindow?: number; maxAddresses?: number } = {}) {
  const time = { now: 1_000 };
  const failures = new FailedAttempts({ windowMs: 60_000, ...options, clock: { now: () => time.now } });
  return { failures, time };
}

test('attempts up to the limit are not held back, the next one is until the window ends', () => {
  const { failures, time } = attempts({ maxPerWindow: 2 });
  expect([failures.record('a'), failures.record('a')]).toEqual([0, 0]);
  time.now += 15_000;
  expect(failures.record('a')).toBe(45);
  expect(failures.record('b')).toBe(0);
  time.now += 45_000;
  expect(failures.record('a')).toBe(0);
});

test('no more addresses are remembered than allowed: the one seen first is forgotten', () => {
  const { failures } = attempts({ maxPerWindow: 1, maxAddresses: 2 });
  for (const address of ['a', 'b', 'c']) failures.record(address);
  expect(failures.record('c')).toBeGreaterThan(0);
  expect(failures.record('a')).toBe(0);
});
