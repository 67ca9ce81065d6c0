import { afterEach, beforeEach, expect, test } from 'vitest';
import { RelayScene } from '../testing/relay-scene.ts';
import { type PageSource, touchpointPages } from './touchpoint-pages.ts';

const LIMITS = { maxPageEvents: 10, maxPageBytes: 100_000, maxSliceEvents: 4, lingerMs: 5 };

let scene: RelayScene;
let reading: AbortController;
beforeEach(async () => {
  scene = await RelayScene.open();
  reading = new AbortController();
});
afterEach(async () => {
  reading.abort();
  await scene.close();
});

const note = (n: number) => ({ id: `e${n}`, subject: 'account:shop:1' });
const pages = (source: Partial<PageSource> = {}) =>
  touchpointPages({
    journal: scene.backing.journal,
    after: 0n,
    mode: 'structured',
    limits: LIMITS,
    signal: reading.signal,
    ...source,
  });

test('a page holds as many whole slices as fit, and ends where the log does', async () => {
  await scene.record(...Array.from({ length: 19 }, (_, n) => note(n)));
  const read = pages();
  for (const through of [8n, 16n, 19n]) {
    const { value } = await read.next();
    expect(value).toMatchObject({ through, damaged: 0 });
  }
});

test('a slice that ends with the log is not held back', async () => {
  await scene.record(note(1), note(2), note(3), note(4));
  const read = pages();
  expect((await read.next()).value).toMatchObject({ through: 4n });
  const next = read.next();
  await scene.record(note(5));
  expect((await next).value).toMatchObject({ through: 5n, messages: [{ headers: {} }] });
});

test('a page of large events ends sooner', async () => {
  await scene.record(...Array.from({ length: 12 }, (_, n) => note(n)));
  const read = pages({ limits: { ...LIMITS, maxPageBytes: 1 } });
  for (const through of [4n, 8n, 12n]) expect((await read.next()).value).toMatchObject({ through });
});

test('what is left of a page when reading ends is not handed over', async () => {
  await scene.record(note(1), note(2), note(3), note(4));
  const read = pages({ limits: { ...LIMITS, lingerMs: 60_000 } });
  const first = read.next();
  reading.abort();
  expect((await first).done).toBe(true);
});
