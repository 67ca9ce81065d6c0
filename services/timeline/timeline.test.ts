import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { search } from './queries/search.ts';
import { questionWords } from './search-words.ts';
import { everything, TimelineFixture } from './testing/timeline-fixture.ts';

let timeline: TimelineFixture;
beforeEach(async () => {
  timeline = await TimelineFixture.open();
});
afterEach(() => timeline.close());

const at = (day: number, hour = 10) => `2026-03-${String(day).padStart(2, '0')}T${hour}:00:00+08:00`;
const account = 'account:shop:1';
const phone = 'tel:+8613800138000';
const mail = 'mailto:li.lei@example.com';

const customerid = (identifier: string) => timeline.customeridOf(identifier);

describe('a timeline', () => {
  test('joins what departments recorded under different identifiers, by when it happened', async () => {
    await timeline.record(
      { id: 'call', type: 'touchline.call.completed.v1', time: at(3), subject: phone, department: 'service' },
      { id: 'order', type: 'touchline.order.placed.v1', time: at(2), subject: account, department: 'sales' },
      {
        id: 'mail',
        type: 'touchline.email.received.v1',
        time: at(4),
        subject: mail,
        department: 'marketing',
      },
      { id: 'known', time: at(1), subject: account, data: { customer: { identifiers: [phone, mail] } } },
    );
    const { entries } = await timeline.page(await customerid(phone));
    expect(entries.map((entry) => entry.id)).toEqual(['mail', 'call', 'order', 'known']);
    expect(await customerid(mail)).toBe(await customerid(account));
  });

  test('is read page by page in both directions, also while touchpoints arrive late', async () => {
    const days = Array.from({ length: 20 }, (_, day) => ({
      id: `d${day}`,
      time: at(day + 1),
      subject: account,
    }));
    await timeline.record(...days);
    const id = await customerid(account);
    const first = await timeline.page(id, { limit: 7 });
    await timeline.record(
      { id: 'late', time: at(14, 12), subject: account },
      { id: 'later', time: at(2, 12), subject: account },
    );
    const after = first.next;
    if (after === undefined) throw new Error('there is a next page');
    const rest = await timeline.page(id, { after });
    expect([...first.entries, ...rest.entries].map((entry) => entry.id)).toEqual([
      ...Array.from({ length: 18 }, (_, n) => `d${19 - n}`),
      'later',
      'd1',
      'd0',
    ]);
    const forward = await timeline.page(id, { order: 'asc', limit: 3 });
    expect(forward.entries.map((entry) => entry.id)).toEqual(['d0', 'd1', 'later']);
  });

  test('is filtered by type, channel, department, time and words in any script', async () => {
    await timeline.record(
      {
        id: 'a',
        type: 'touchline.call.completed.v1',
        time: at(1),
        subject: account,
        data: { description: '客戶要求退款' },
      },
      { id: 'b', type: 'touchline.order.placed.v1', time: at(2), subject: account, department: 'sales' },
      {
        id: 'c',
        time: at(3),
        subject: account,
        data: { channel: 'wechat', description: 'asked for the green tea' },
      },
    );
    const id = await customerid(account);
    const ids = async (filter: object) =>
      (await timeline.page(id, { filter: { ...everything, ...filter } })).entries.map((entry) => entry.id);
    expect(await ids({ types: ['touchline.order.placed.v1'] })).toEqual(['b']);
    expect(await ids({ channels: ['wechat', 'phone'] })).toEqual(['c', 'a']);
    expect(await ids({ departments: ['sales'] })).toEqual(['b']);
    expect(await ids({ from: Date.parse(at(2)), to: Date.parse(at(3)) })).toEqual(['b']);
    expect(await ids({ words: questionWords('退款') })).toEqual(['a']);
    expect(await ids({ words: questionWords('客户') })).toEqual(['a']);
    expect(await ids({ words: questionWords('green te') })).toEqual(['c']);
    expect(await ids({ words: questionWords('nothing') })).toEqual([]);
  });

  test('shows a correction with what it replaced, and hides what was retracted unless asked', async () => {
    const [order, note] = await timeline.record(
      {
        id: 'order',
        type: 'touchline.order.placed.v1',
        time: at(1),
        subject: account,
        data: { order: '8891' },
      },
      { id: 'note', time: at(2), subject: account, data: { description: 'wrong customer' } },
    );
    const record = (id: string, type: string, data: object) => ({
      id,
      type,
      time: at(5),
      subject: account,
      data,
    });
    await timeline.record(
      record('fix', 'touchline.record.corrected.v1', {
        target: order?.eventid,
        replacement: { order: '8892' },
        reason: 'typing error',
      }),
      record('void', 'touchline.record.retracted.v1', { target: note?.eventid, reason: 'other customer' }),
    );
    const id = await customerid(account);
    const shown = await timeline.page(id);
    expect(shown.entries.map((entry) => entry.id)).not.toContain('note');
    const corrected = shown.entries.find((entry) => entry.id === 'order');
    expect(corrected).toMatchObject({
      data: { order: '8892' },
      corrected: { reason: 'typing error' },
    });
    expect(corrected?.title.en).toContain('8892');
    const all = await timeline.page(id, { filter: { ...everything, withRetracted: true } });
    expect(all.entries.find((entry) => entry.id === 'note')?.retracted?.reason).toBe('other customer');
  });
});

describe('search', () => {
  test('answers whole words before longer ones that begin so, then the newest', async () => {
    const people = ['Ann Lee', 'Ann Leeson', 'Bob Lee', 'Cy Leeds'];
    await timeline.record(
      ...people.map((name, at) => ({
        id: name,
        subject: `account:shop:${at}`,
        time: `2026-03-01T1${at}:00:00Z`,
        data: { customer: { name }, description: `about ${name}` },
      })),
    );
    const found = async (limit: number) => {
      const hits = await timeline.read((snapshot) =>
        search(snapshot, timeline.backing.catalogue, 'lee', limit),
      );
      const entries = hits.entries.map(({ entry }) => (entry as { description: string }).description);
      return [hits.customers.map(({ name }) => name), entries];
    };
    const best = ['Bob Lee', 'Ann Lee', 'Cy Leeds', 'Ann Leeson'];
    for (const limit of [10, 3, 2, 1])
      expect(await found(limit)).toEqual([
        best.slice(0, limit),
        best.slice(0, limit).map((name) => `about ${name}`),
      ]);
  });

  test.each(['王', '王小', 'wang', '0138', '13800138000', 'WANG.xiaoming', '客服', '😡'])(
    'finds by %s',
    async (question) => {
      await timeline.record({
        id: '1',
        subject: phone,
        data: {
          customer: { name: '王小明', identifiers: ['mailto:wang.xiaoming@example.cn'] },
          description: '找客服 about order 0138 😡',
        },
      });
      const hits = await timeline.read((snapshot) =>
        search(snapshot, timeline.backing.catalogue, question, 10),
      );
      expect(hits.customers.length + hits.entries.length).toBeGreaterThan(0);
    },
  );

  test('finds nothing for what nobody said', async () => {
    await timeline.record({ id: '1', subject: phone, data: { description: 'hello' } });
    const hits = await timeline.read((snapshot) => search(snapshot, timeline.backing.catalogue, '王', 10));
    expect(hits).toEqual({ customers: [], entries: [] });
  });
});
