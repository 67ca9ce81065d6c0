import { setTimeout as delay } from 'node:timers/promises';
import { note, post, type Surroundings } from './surroundings.ts';

const TICK_MS = 50;

/** Records touchpoints at a steady rate, however long each takes to be acknowledged; a few hundred wait at most. */
export async function writeSteadily(
  at: Surroundings,
  { perSecond, accounts }: { perSecond: number; accounts: readonly string[] },
): Promise<void> {
  const maxWaiting = perSecond * 2;
  const waiting = new Set<Promise<unknown>>();
  const began = performance.now();
  for (let sent = 0; !at.signal.aborted; ) {
    const due = ((performance.now() - began) / 1_000) * perSecond;
    for (; sent < due && waiting.size < maxWaiting; sent++) {
      const id = `steady-${sent}`;
      const account = accounts[Math.floor(at.random() * accounts.length)] ?? '';
      const posting = post(at, { id, account, body: note(id, account) });
      waiting.add(posting);
      posting.finally(() => waiting.delete(posting));
    }
    // What could not be sent while a process was away is not made up for.
    if (sent < due) sent = Math.floor(due);
    await delay(TICK_MS);
  }
  await Promise.all(waiting);
}
