import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import { EventLoopDelay } from './event-loop-delay.ts';

const STALL_MS = 1_500;
const LOOK_MS = 500;

async function stall(): Promise<void> {
  const end = performance.now() + STALL_MS;
  while (performance.now() < end);
  await delay(0);
}

function watched(): EventLoopDelay {
  const loop = new EventLoopDelay();
  onTestFinished(() => loop.close());
  return loop;
}

test('a loop that stood still once is not late: it is over when it is noticed', async () => {
  const loop = watched();
  await stall();
  expect(loop.lateMs).toBeLessThan(STALL_MS - LOOK_MS);
});

test('a loop that stands still again and again is late by what is left after each look was due, until it is over', async () => {
  const loop = watched();
  await stall();
  await stall();
  expect(loop.lateMs).toBeGreaterThanOrEqual(STALL_MS - 2 * LOOK_MS);
  await until(() => loop.lateMs < STALL_MS - 2 * LOOK_MS, 'it is forgotten');
});
