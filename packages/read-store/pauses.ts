/**
 * The batches of `source`, and an empty batch for each pause: when the next one does not come within `pauseMs`, told
 * once until it does. A full last batch looks like one of many; only the silence after it tells.
 */
export async function* withPauses<T>(
  source: AsyncIterable<readonly T[]>,
  pauseMs: number,
): AsyncIterable<readonly T[]> {
  const batches = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = batches.next();
      if (await isSilent(next, pauseMs)) yield [];
      const { done, value } = await next;
      if (done) return;
      yield value;
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
