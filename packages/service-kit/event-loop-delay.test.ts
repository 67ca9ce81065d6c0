import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import { EventLoopDelay } from './event-loop-delay.ts';

const STALL_MS = 1_000;
const LOOK_MS = 500;

test('a loop that stood still was late by at least what is left after the next look was due', async () => {
  const loop = new EventLoopDelay();
  onTestFinished(() => loop.close());
  const end = performance.now() + STALL_MS;
  while (performance.now() < end);
  await delay(0);
  expect(loop.lateMs).toBeGreaterThanOrEqual(STALL_MS - LOOK_MS);
  await until(() => loop.lateMs < STALL_MS - LOOK_MS, 'it is forgotten');
});
