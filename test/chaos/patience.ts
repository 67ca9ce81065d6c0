import { setTimeout as delay } from 'node:timers/promises';

const MAX_PATIENCE_MS = 45_000;
const RETRY_MS = 100;

/** Does again what fails while a database is away; what fails for longer fails. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + MAX_PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (failure) {
      if (performance.now() > end) throw failure;
    }
    await delay(RETRY_MS);
  }
}
