import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const { signal } = new AbortController();

function workFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test.each([
  [0.5, 60],
  [0.25, 180],
])('work of 60 ms with a share of %d is followed by a rest of %d ms', async (share, restMs) => {
  const pace = new Pace(share);
  workFor(60);
  const resting = performance.now();
  await pace.rest(signal);
  expect(performance.now() - resting).toBeGreaterThanOrEqual(restMs - 2);
});

test('a rest does not count as work', async () => {
  const pace = new Pace(0.1);
  workFor(20);
  await pace.rest(signal);
  const resting = performance.now();
  await pace.rest(signal);
  expect(performance.now() - resting).toBeLessThan(1_000);
});

test('short work is added up', async () => {
  const pace = new Pace(0.5);
  const beginning = performance.now();
  for (let part = 0; part < 50; part++) {
    workFor(1);
    await pace.rest(signal);
  }
  expect(performance.now() - beginning).toBeGreaterThanOrEqual(90);
});

test('a rest ends when nobody waits for the work any more', async () => {
  const pace = new Pace(0.001);
  workFor(20);
  const resting = performance.now();
  await pace.rest(AbortSignal.timeout(10));
  expect(performance.now() - resting).toBeLessThan(10_000);
});
