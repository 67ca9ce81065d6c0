import { expect, test } from 'vitest';
import type { Flaw } from '../input/flaw.ts';
import { batchesOf } from './batches.ts';
import type { InputItem } from './entry.ts';
import type { Sender } from './send-batch.ts';
import { upload } from './upload.ts';

const NEVER = new AbortController().signal;

async function* items(count: number, flaws: Readonly<Record<number, Flaw>> = {}): AsyncGenerator<InputItem> {
  for (let line = 1; line <= count; line++) yield flaws[line] ?? { lines: [line], json: `{"n":${line}}` };
}

async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const accepting: Sender = async (entries) => ({
  accepted: entries.length,
  duplicates: 0,
  rejects: [],
  position: String(entries.at(-1)?.lines[0]),
});

test('batches are cut by count and by size, and begin after what is settled', async () => {
  const lines = async (skip: number, limits: { maxEvents: number; maxBytes: number }) =>
    (await collect(batchesOf(items(7), () => 0, skip, limits))).map(({ entries }) =>
      entries.map((entry) => entry.lines[0]),
    );
  expect(await lines(0, { maxEvents: 3, maxBytes: 1_000 })).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  expect(await lines(2, { maxEvents: 3, maxBytes: 1_000 })).toEqual([
    [3, 4, 5],
    [6, 7],
  ]);
  expect(await lines(0, { maxEvents: 100, maxBytes: 14 })).toEqual([[1, 2], [3, 4], [5, 6], [7]]);
  expect(await lines(9, { maxEvents: 3, maxBytes: 1_000 })).toEqual([]);
});

test('answers come in the order of the input, however long each batch takes', async () => {
  const waiting: (() => void)[] = [];
  const send: Sender = async (entries, stop) => {
    if (waiting.length < 2) await new Promise<void>((resolve) => waiting.unshift(resolve));
    else for (const go of waiting) go();
    return accepting(entries, stop);
  };
  const batches = batchesOf(items(6), () => 0, 0, { maxEvents: 2, maxBytes: 1_000 });
  const answers = await collect(upload(batches, send, { concurrency: 3, stop: NEVER }));
  expect(answers.map(({ position }) => position)).toEqual(['2', '4', '6']);
});

test('no more batches are under way than allowed', async () => {
  let underWay = 0;
  let most = 0;
  const send: Sender = async (entries, stop) => {
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return accepting(entries, stop);
  };
  const batches = batchesOf(items(20), () => 0, 0, { maxEvents: 1, maxBytes: 1_000 });
  expect(await collect(upload(batches, send, { concurrency: 3, stop: NEVER }))).toHaveLength(20);
  expect(most).toBe(3);
});

test('flaws count as settled and are listed with what was refused, by line', async () => {
  const flaw = { lines: [2], reasons: ['unreadable'] };
  const send: Sender = async (entries) => ({
    accepted: entries.length - 1,
    duplicates: 0,
    rejects: [{ lines: [1], code: 'invalid-touchpoint', reasons: ['wrong'] }],
    position: '9',
  });
  const [answer] = await collect(
    upload(
      batchesOf(items(3, { 2: flaw }), () => 42),
      send,
      { concurrency: 1, stop: NEVER },
    ),
  );
  expect(answer).toMatchObject({ items: 3, accepted: 1, rejected: 2, done: 42, position: '9' });
  expect(answer?.rejects).toEqual([
    { lines: [1], code: 'invalid-touchpoint', reasons: ['wrong'] },
    { code: 'unusable-line', ...flaw },
  ]);
});

test('when stopped it takes no new batch and still waits for those under way', async () => {
  const stop = new AbortController();
  const send: Sender = async (entries, signal) => {
    stop.abort();
    return accepting(entries, signal);
  };
  const batches = batchesOf(items(10), () => 0, 0, { maxEvents: 1, maxBytes: 1_000 });
  const answers = await collect(upload(batches, send, { concurrency: 2, stop: stop.signal }));
  expect(answers.map(({ position }) => position)).toEqual(['1']);
});

test('a failure is thrown after everything before it was answered', async () => {
  const send: Sender = async (entries, stop) => {
    if (entries[0]?.lines[0] === 3) throw new Error('broken');
    return accepting(entries, stop);
  };
  const seen: (string | undefined)[] = [];
  const run = async (): Promise<void> => {
    const batches = batchesOf(items(5), () => 0, 0, { maxEvents: 1, maxBytes: 1_000 });
    for await (const { position } of upload(batches, send, { concurrency: 5, stop: NEVER }))
      seen.push(position);
  };
  await expect(run()).rejects.toThrow('broken');
  expect(seen).toEqual(['1', '2']);
});
