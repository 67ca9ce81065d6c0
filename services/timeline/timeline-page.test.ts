import { eventIdOf } from '@touchline/touchpoints';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimelinePlace } from './queries/timeline-page.ts';
import { everything, TimelineFixture } from './testing/timeline-fixture.ts';

const NOTES = 130;
const account = 'account:shop:1';
/** More than entries that are read together may have. */
const LARGE = '茶'.repeat(60_000);
const isCorrected = (at: number) => at % 17 === 3;
const isRetracted = (at: number) => at % 23 === 5;
const isLarge = (at: number) => at > 60 && at % 20 === 8;
const numbers = Array.from({ length: NOTES }, (_, at) => at);
const isMail = (at: number) => (isCorrected(at) ? at % 2 === 0 : at % 3 === 0);

const idOf = (at: number) => eventIdOf('/test', `note-${at}`);
const note = (at: number) => ({
  id: `note-${at}`,
  time: new Date(Date.parse('2026-03-01T00:00:00Z') + at * 60_000).toISOString(),
  subject: account,
  data: {
    channel: at % 3 === 0 ? 'email' : 'phone',
    description: `tea number${at}`,
    ...(isLarge(at) && { text: LARGE }),
  },
});
const amendment = (at: number) => ({
  id: `amendment-${at}`,
  type: isCorrected(at) ? 'touchline.record.corrected.v1' : 'touchline.record.retracted.v1',
  subject: 'account:other:1',
  data: {
    target: idOf(at),
    reason: 'it was so',
    ...(isCorrected(at) && {
      replacement: { channel: at % 2 === 0 ? 'email' : 'phone', description: `coffee number${at}` },
    }),
  },
});

let timeline: TimelineFixture;
let customerid: string;
beforeAll(async () => {
  timeline = await TimelineFixture.open();
  await timeline.record(...numbers.map(note));
  await timeline.record(...numbers.filter((at) => isCorrected(at) || isRetracted(at)).map(amendment));
  customerid = await timeline.customeridOf(account);
});
afterAll(() => timeline.close());

type Request = NonNullable<Parameters<TimelineFixture['page']>[1]>;

/** Every page, one after the other. */
async function walk(request: Request) {
  const pages = [];
  for (let after: TimelinePlace | undefined; ; ) {
    const page = await timeline.page(customerid, { ...request, ...(after && { after }) });
    pages.push(page.entries);
    after = page.next;
    if (after === undefined) return pages;
  }
}

const describing = (at: number) => (isCorrected(at) ? `coffee number${at}` : `tea number${at}`);

test.each([
  ['of everything that counts', everything, (at: number) => !isRetracted(at)],
  ['with what was retracted', { ...everything, withRetracted: true }, () => true],
  ['of one channel', { ...everything, channels: ['email'] }, (at: number) => isMail(at) && !isRetracted(at)],
  [
    'of what holds a word',
    { ...everything, words: ['tea'] },
    (at: number) => !isCorrected(at) && !isRetracted(at),
  ],
  ['of what holds a corrected word', { ...everything, words: ['coffee'] }, isCorrected],
])('pages %s hold the same entries, whatever their size and order', async (_, filter, isThere) => {
  const expected = numbers.filter(isThere).map(describing);
  for (const order of ['asc', 'desc'] as const)
    for (const limit of [1, 7, 50, 51, 120, 500]) {
      const pages = await walk({ filter, order, limit });
      const entries = pages.flat();
      const described = entries.map((entry) => entry.description);
      expect(described).toEqual(order === 'asc' ? expected : expected.toReversed());
      for (const entries of pages.slice(0, -1)) expect(entries).toHaveLength(limit);
      for (const { description, data } of entries) {
        const at = Number(description?.replace(/\D/g, ''));
        expect((data as { text?: string }).text).toBe(isLarge(at) && !isCorrected(at) ? LARGE : undefined);
      }
    }
});

test('pages of entries that are read together are bounded too', async () => {
  const many = 130;
  const text = 'x'.repeat(65_000);
  const subject = 'account:shop:2';
  const notes = numbers
    .slice(0, many)
    .map((at) => ({ ...note(at), id: `long-${at}`, subject, data: { text } }));
  await timeline.record(...notes);
  const id = await timeline.customeridOf(subject);
  const seen: string[] = [];
  for (let after: TimelinePlace | undefined; ; ) {
    const page = await timeline.page(id, { limit: 500, order: 'asc', ...(after && { after }) });
    expect(JSON.stringify(page.entries).length).toBeLessThan(7_000_000);
    seen.push(...page.entries.map((entry) => entry.id));
    after = page.next;
    if (after === undefined) break;
  }
  expect(seen).toEqual(notes.map((one) => one.id));
});
