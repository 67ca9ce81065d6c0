import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChangeWatch } from './change-watch.ts';

const MAX_POLL_MS = 20;

describe('watching for changes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('in a long silence it looks no more often than it must', async () => {
    const { watch, looks } = countedWatch();
    void watch.change(watch.mark());
    await vi.advanceTimersByTimeAsync(60_000);
    const before = looks();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(looks() - before).toBe(60_000 / MAX_POLL_MS);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('a change that nobody announces is seen within the longest pause, by all who wait', async () => {
    const { watch, commit } = countedWatch();
    let woken = 0;
    for (let waiting = 0; waiting < 30; waiting += 1)
      void watch.change(watch.mark()).then(() => (woken += 1));
    await vi.advanceTimersByTimeAsync(10_000);
    commit();
    await vi.advanceTimersByTimeAsync(MAX_POLL_MS);
    expect(woken).toBe(30);
  });

  test('a change that is announced is seen at once', async () => {
    const { watch, commit } = countedWatch();
    const changed = watch.change(watch.mark());
    commit();
    watch.look();
    await changed;
  });

  test('a change between the mark and the waiting is not missed', async () => {
    const { watch, commit } = countedWatch();
    const mark = watch.mark();
    commit();
    await watch.change(mark);
  });

  test('it does not look while nobody waits', async () => {
    const { watch, commit, looks } = countedWatch();
    const changed = watch.change(watch.mark());
    commit();
    await vi.advanceTimersByTimeAsync(MAX_POLL_MS);
    await changed;
    const before = looks();
    await vi.advanceTimersByTimeAsync(1_000);
    watch.look();
    expect(looks()).toBe(before);
  });

  test('who stops waiting is let go, the others wait on', async () => {
    const { watch } = countedWatch();
    const stop = new AbortController();
    let isWoken = false;
    void watch.change(watch.mark()).then(() => {
      isWoken = true;
    });
    const stopped = watch.change(watch.mark(), stop.signal);
    stop.abort();
    await stopped;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(isWoken).toBe(false);
  });

  test('a failing look fails all who wait', async () => {
    const gone = new Error('gone');
    const watch = new ChangeWatch(() => {
      throw gone;
    }, MAX_POLL_MS);
    await expect(Promise.all([watch.change(1), watch.change(1)])).rejects.toBe(gone);
  });
});

function countedWatch() {
  let version = 1;
  let looks = 0;
  const watch = new ChangeWatch(() => {
    looks += 1;
    return version;
  }, MAX_POLL_MS);
  const commit = () => {
    version += 1;
  };
  return { watch, commit, looks: () => looks };
}
