import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PageRequest, TimelinePlace } from './queries/timeline-page.ts';
import { questionWords } from './search-words.ts';
import { everything, TimelineFixture } from './testing/timeline-fixture.ts';

/** More than are merged range by range. */
const MANY = 230;
/** More than are looked at for one page. */
const VERY_MANY = 20_500;

let timeline: TimelineFixture;
beforeEach(async () => {
  timeline = await TimelineFixture.open();
});
afterEach(() => timeline.close());

const subjectOf = (n: number) => timeline.backing.journal.identify(`cookie:c${n}`).subject;
const subjects = (count: number) => Array.from({ length: count }, (_, n) => subjectOf(n));
const timeOf = (n: number) => new Date(Date.parse('2026-03-01T10:00:00Z') + (n % 50) * 60_000).toISOString();

const note = (n: number) => ({
  id: `e${n}`,
  time: timeOf(n),
  subject: `cookie:c${n}`,
  data: { description: n % 3 === 0 ? `tea ${n}` : `coffee ${n}`, channel: n % 2 === 0 ? 'chat' : 'phone' },
});

async function walk(request: Partial<PageRequest>): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  for (let after: TimelinePlace | undefined; ; ) {
    const page = await timeline.page('', { ...request, ...(after && { after }) });
    pages++;
    ids.push(...page.entries.map(({ id }) => id));
    after = page.next;
    if (after === undefined) return { ids, pages };
  }
}

test('a timeline of many data subjects has every entry once, in order, page by page, whatever is asked for', async () => {
  await timeline.record(...Array.from({ length: MANY }, (_, n) => note(n)));
  const inOrder = (await walk({ subjects: subjects(100), order: 'asc', limit: 500 })).ids;
  expect(inOrder).toHaveLength(100);
  const all = await walk({ subjects: subjects(MANY), order: 'asc', limit: 500 });
  expect(all.ids.filter((id) => inOrder.includes(id))).toEqual(inOrder);
  expect(new Set(all.ids).size).toBe(MANY);

  const tea = (id: string) => Number(id.slice(1)) % 3 === 0;
  const chat = (id: string) => Number(id.slice(1)) % 2 === 0;
  const filter = { ...everything, words: questionWords('te'), channels: ['chat'] };
  for (const order of ['asc', 'desc'] as const) {
    const expected = order === 'asc' ? all.ids : all.ids.toReversed();
    const request = { subjects: subjects(MANY), order, limit: 7 };
    expect((await walk(request)).ids).toEqual(expected);
    expect((await walk({ ...request, filter })).ids).toEqual(expected.filter((id) => tea(id) && chat(id)));
  }
});

test('a word hard to find is found page by page, each of bounded work', async () => {
  const notes = Array.from({ length: VERY_MANY }, (_, n) => note(n));
  for (let at = 0; at < VERY_MANY; at += 2_000) await timeline.record(...notes.slice(at, at + 2_000));
  const filter = { ...everything, words: questionWords('20499') };
  const found = await walk({ subjects: subjects(VERY_MANY), filter, order: 'asc' });
  expect(found).toEqual({ ids: ['e20499'], pages: 2 });
}, 120_000);
