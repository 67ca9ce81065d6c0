import { expect, test } from 'vitest';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends } from './fixtures/sample-appends.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const EVENTS = 100;
const EVENT_CHARACTERS = 350_000;
const MAX_PAGE_CHARACTERS = 16 * 1_048_576;

test('a page of the largest events is short, and following pages give the rest without gap', async () => {
  using folder = new LogFolder();
  const store = await openSqliteEventStore({ file: folder.file });
  for (let at = 0; at < EVENTS; at += 20) await store.appendMany(sampleAppends(20, EVENT_CHARACTERS));
  const positions: bigint[] = [];
  for (;;) {
    const page = await store.readAll({ after: positions.at(-1) ?? 0n, limit: 1_000 });
    if (page.length === 0) break;
    expect(page.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(MAX_PAGE_CHARACTERS);
    positions.push(...page.map(({ position }) => position));
  }
  expect(positions).toEqual(Array.from({ length: EVENTS }, (_, at) => BigInt(at + 1)));
  await store.close();
});
