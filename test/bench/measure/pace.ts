import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
const MAX_MS = 10 * 60_000;

/** How many a second, from the first that is seen until all are there: what a process takes to get ready is left out. */
export async function paceOf(count: () => Promise<number>, all: number): Promise<number> {
  const end = performance.now() + MAX_MS;
  let first: { readonly count: number; readonly at: number } | undefined;
  while (performance.now() < end) {
    const seen = await count();
    const at = performance.now();
    if (seen > 0) first ??= { count: seen, at };
    if (first !== undefined && seen >= all) return (seen - first.count) / ((at - first.at) / 1_000);
    await delay(LOOK_EVERY_MS);
  }
  throw new Error(`not within ${MAX_MS} ms: all ${all}`);
}
