import { eventIdOf } from '@touchline/touchpoints';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventKeyOf } from './entry.ts';
import { liveEntries } from './live-entries.ts';
import type { CorrectionPlace } from './queries/correction-page.ts';
import { search } from './queries/search.ts';
import type { TimelinePlace } from './queries/timeline-page.ts';
import { questionWords } from './search-words.ts';
import { everything, TimelineFixture } from './testing/timeline-fixture.ts';

let timeline: TimelineFixture;
beforeEach(async () => {
  timeline = await TimelineFixture.open();
});
afterEach(() => timeline.close());

const account = 'account:shop:1';
const minute = (at: number) => new Date(Date.parse('2026-03-01T10:00:00Z') + at * 60_000).toISOString();

async function note(id: string, description: string, more: object = {}): Promise<string> {
  const [outcome] = await timeline.record({
    id,
    time: '2026-03-01T09:00:00Z',
    subject: account,
    data: { description },
    ...more,
  });
  return outcome?.eventid ?? '';
}

const correction = (target: string, replacement: object, at: number, id = `fix-${at}`) => ({
  id,
  type: 'touchline.record.corrected.v1',
  time: minute(at),
  subject: account,
  authid: 'han.meimei',
  data: { target, replacement, reason: `reason ${at}` },
});
const retraction = (target: string, at: number, id = `void-${at}`) => ({
  id,
  type: 'touchline.record.retracted.v1',
  time: minute(at),
  subject: account,
  authid: 'han.meimei',
  data: { target, reason: `void ${at}` },
});

const keyOf = (id: string) => eventKeyOf(eventIdOf('/test', id));

async function customerid(): Promise<string> {
  return (await timeline.customerOf(account)) ?? '';
}

const entry: TimelineFixture['entry'] = (...request) => timeline.entry(...request);

/** The entry as its timeline shows it; `undefined` when it does not. */
async function shown(eventid: string, filter: object = {}) {
  const { entries } = await timeline.page(await customerid(), { filter: { ...everything, ...filter } });
  return entries.find((one) => one.eventid === eventid);
}

async function foundBy(question: string): Promise<unknown[]> {
  const hits = await timeline.read((snapshot) => search(snapshot, timeline.backing.catalogue, question, 10));
  return hits.entries.map((hit) => (hit.entry as { id: string }).id);
}

describe('many large corrections of one entry', () => {
  const MANY = 60;
  const large = Array.from({ length: 4 }, () => 'x'.repeat(50_000));

  async function correctOften(target: string): Promise<void> {
    const fixes = Array.from({ length: MANY }, (_, at) => correction(target, { text: `${at}`, large }, at));
    await timeline.record(...fixes);
  }

  test('are a row each, and are answered page by page, bounded in size', async () => {
    const target = await note('note', 'first');
    await correctOften(target);
    const rows = await timeline.read((snapshot) =>
      snapshot.all<{ length: number }>('SELECT length(replacement) AS length FROM amendments'),
    );
    expect(rows).toHaveLength(MANY);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(201_000);

    const seen: unknown[] = [];
    for (let after: CorrectionPlace | undefined; ; ) {
      const page = await entry(target, { limit: 50, ...(after && { after }) });
      expect(page?.data).toMatchObject({ text: `${MANY - 1}` });
      expect(JSON.stringify(page).length).toBeLessThan(1_600_000);
      seen.push(...(page?.corrections.items.map(({ reason }) => reason) ?? []));
      after = page?.corrections.next;
      if (after === undefined) break;
    }
    expect(seen).toEqual(Array.from({ length: MANY }, (_, at) => `reason ${MANY - 1 - at}`));
  });

  test('fill pages of the timeline by size before they fill them by number', async () => {
    const target = await note('note', 'first');
    await correctOften(target);
    const id = await customerid();
    const seen: string[] = [];
    for (let after: TimelinePlace | undefined; ; ) {
      const page = await timeline.page(id, { limit: 100, ...(after && { after }) });
      expect(JSON.stringify(page.entries).length).toBeLessThan(4_500_000);
      seen.push(...page.entries.map((one) => one.id));
      after = page.next;
      if (after === undefined) break;
    }
    const fixes = Array.from({ length: MANY }, (_, at) => `fix-${MANY - 1 - at}`);
    expect(seen).toEqual([...fixes, 'note']);
  });
});

describe('a corrected entry', () => {
  test('shows the version corrected last by its own time, who did it, when and why', async () => {
    const target = await note('note', 'first');
    await timeline.record(correction(target, { description: 'third' }, 9));
    await timeline.record(correction(target, { description: 'second' }, 8));
    const found = await shown(target);
    expect(found).toMatchObject({
      description: 'third',
      data: { description: 'third' },
      corrected: { by: 'han.meimei', time: minute(9), reason: 'reason 9' },
    });
    const whole = await entry(target);
    expect(whole).toMatchObject({ original: { description: 'first' }, identifier: account });
    expect(whole?.corrections.items.map((one) => one.data)).toEqual([
      { description: 'third' },
      { description: 'second' },
    ]);
  });

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('shows one version of two made at the same moment, whether %s came first or %s', async (...order) => {
    const target = await note('note', 'first');
    for (const id of order) await timeline.record(correction(target, { description: id }, 1, id));
    const [last] = ['a', 'b'].sort((a, b) => keyOf(b) - keyOf(a));
    expect((await shown(target))?.description).toBe(last);
  });

  test('is shown and filtered by everything its new body says', async () => {
    const target = await note('note', 'first', {
      data: { description: 'first', channel: 'phone', reason: 'question', agent: { id: 'a-1' } },
    });
    await timeline.record(
      correction(target, { channel: 'email', direction: 'inbound', agent: { id: 'a-2' } }, 1),
    );
    const found = await shown(target);
    expect(found).toMatchObject({ channel: 'email', direction: 'inbound', agent: { id: 'a-2' } });
    expect(found).not.toHaveProperty('description');
    expect(found).not.toHaveProperty('reason');
    expect(await shown(target, { channels: ['phone'] })).toBeUndefined();
    expect(await shown(target, { channels: ['email'] })).toBeDefined();
  });

  test('is found by its corrected words and not by the former ones', async () => {
    const target = await note('note', 'asked for a sofa 沙发');
    await timeline.record(correction(target, { description: 'asked for a table 桌子' }, 1));
    expect(await foundBy('sofa')).toEqual([]);
    expect(await foundBy('沙发')).toEqual([]);
    expect(await foundBy('桌子')).toEqual(['note']);
    await timeline.record(correction(target, { description: 'asked for a chair' }, 2));
    expect(await foundBy('table')).toEqual([]);
    expect(await foundBy('chair')).toEqual(['note']);
    expect(await shown(target, { words: questionWords('table') })).toBeUndefined();
    expect(await shown(target, { words: questionWords('chair') })).toBeDefined();
  });

  test('whose correction fits no such record shows it, and can still be read', async () => {
    const target = await note('order', '', {
      type: 'touchline.order.placed.v1',
      data: { order: '8891', description: 'first' },
    });
    await timeline.record(correction(target, { order: 7, about: 'nothing', items: 'none' }, 1));
    const found = await shown(target);
    expect(found).toMatchObject({ data: { order: 7, items: 'none' }, about: [], description: 'first' });
    expect(found?.title.en).toContain('8891');
  });
});

describe('a retracted entry', () => {
  test('stays so, and says who retracted it first, whatever comes later', async () => {
    const target = await note('note', 'first');
    await timeline.record(retraction(target, 5));
    await timeline.record(retraction(target, 3), correction(target, { description: 'second' }, 9));
    expect(await shown(target)).toBeUndefined();
    expect(await shown(target, { withRetracted: true })).toMatchObject({
      description: 'second',
      retracted: { by: 'han.meimei', time: minute(3), reason: 'void 3' },
    });
    expect(await foundBy('second')).toEqual([]);
  });

  test('also where its body has a field that looks like the type of a correction', async () => {
    const target = await note('note', '', { data: { type: 'touchline.record.corrected.v1' } });
    await timeline.record(retraction(target, 1));
    expect(await shown(target)).toBeUndefined();
  });
});

describe('what cannot be amended', () => {
  test('a correction and a retraction stay as they are', async () => {
    const target = await note('note', 'first');
    const [fixed, voided] = await timeline.record(correction(target, {}, 1), retraction(target, 2));
    await timeline.record(
      correction(fixed?.eventid ?? '', { target, replacement: { description: 'x' } }, 3),
      retraction(fixed?.eventid ?? '', 4),
      retraction(voided?.eventid ?? '', 5),
    );
    expect(await shown(fixed?.eventid ?? '')).not.toHaveProperty('corrected');
    expect(await shown(fixed?.eventid ?? '')).toBeDefined();
    expect(await shown(voided?.eventid ?? '')).not.toHaveProperty('retracted');
    expect(await shown(target)).toBeUndefined();
    expect(await entry(fixed?.eventid ?? '')).toMatchObject({ corrections: { items: [] } });
  });

  test('nor can a decision about who is who: its entry stays as long as it holds', async () => {
    await note('note', 'first');
    const [merge] = await timeline.record({
      id: 'merge',
      type: 'touchline.party.merged.v1',
      data: { parties: [account, 'account:erp:9'], reason: 'same person' },
    });
    await timeline.record(retraction(merge?.eventid ?? '', 1));
    expect(await shown(merge?.eventid ?? '')).toBeDefined();
  });

  test('an event id that only shares the sorting key is another record', async () => {
    const target = await note('note', 'first');
    const twin = `${target.slice(0, 24)}${target.slice(24).replace(/./g, (digit) => (digit === '0' ? '1' : '0'))}`;
    expect(eventKeyOf(twin)).toBe(eventKeyOf(target));
    await timeline.record(retraction(twin, 1), correction(twin, { description: 'x' }, 2));
    const found = await shown(target);
    expect(found).toMatchObject({ description: 'first' });
    expect(found).not.toHaveProperty('corrected');
  });
});

test('live, an amended entry is sent again as it is now, and going on after any event misses nothing', async () => {
  const target = await note('note', 'first');
  const start = await timeline.reader.position();
  await timeline.record(correction(target, { description: 'second' }, 1));
  await note('other', 'other');
  await timeline.record(retraction(target, 2));
  const events = await live(start, 5);
  expect(events.map(({ entry: { id } }) => id)).toEqual(
    ['note', 'fix-1', 'other', 'void-2'].slice(0, events.length),
  );
  expect(events[0]?.entry).toMatchObject({ description: 'second', retracted: { time: minute(2) } });
  for (const [at, { position }] of events.entries()) {
    const rest = await live(BigInt(position), 5);
    const missed = events.slice(at + 1).map(({ entry: { id } }) => id);
    expect(rest.map(({ entry: { id } }) => id)).toEqual(expect.arrayContaining(missed));
  }

  async function live(after: bigint, most: number) {
    const stop = new AbortController();
    const head = await timeline.reader.position();
    const found: { position: string; entry: { id: string } }[] = [];
    if (after >= head) return found;
    const { reader, backing } = timeline;
    for await (const one of liveEntries(reader, backing.catalogue, await customerid(), {
      after,
      signal: stop.signal,
    })) {
      if (one.kind === 'entry') found.push({ position: one.position, entry: JSON.parse(one.entry) });
      if (found.length === most || BigInt(one.position) >= head) break;
    }
    stop.abort();
    return found;
  }
});
