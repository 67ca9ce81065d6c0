import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 25;

/** Waits until the condition holds. Throws when it does not within `withinMs`. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  what: string,
  withinMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(PAUSE_MS);
  }
}
