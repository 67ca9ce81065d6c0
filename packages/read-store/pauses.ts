/** What a source gave, or that it gives nothing: `silentMs` is 0 with events. */
export interface Batch<T> {
  readonly events: readonly T[];
  readonly silentMs: number;
}

/**
 * The batches of `source`, and an empty one at each pause: when the next does not come within `pausesMs` (growing), told
 * once each until it does. A full last batch looks like one of many; only the silence after it tells.
 */
export async function* withPauses<T>(
  source: AsyncIterable<readonly T[]>,
  pausesMs: readonly number[],
): AsyncIterable<Batch<T>> {
  const batches = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = batches.next();
      let waited = 0;
      for (const silentMs of pausesMs) {
        if (!(await isSilent(next, silentMs - waited))) break;
        waited = silentMs;
        yield { events: [], silentMs };
      }
      const { done, value } = await next;
      if (done) return;
      yield { events: value, silentMs: 0 };
    }
  } finally {
    await batches.return?.();
  }
}

async function isSilent(next: Promise<unknown>, pauseMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, pauseMs, true);
  });
  try {
    return await Promise.race([pause, next.then(() => false)]);
  } finally {
    clearTimeout(timer);
  }
}
