import { afterEach, beforeEach, expect, test } from 'vitest';
import { customer, customersBearing } from './queries/customers.ts';
import { figuresOf } from './queries/figures.ts';
import { identityOf } from './queries/identity-evidence.ts';
import { search } from './queries/search.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

let timeline: TimelineFixture;
beforeEach(async () => {
  timeline = await TimelineFixture.open();
});
afterEach(() => timeline.close());

const at = (day: number, hour = 10) => `2026-03-${String(day).padStart(2, '0')}T${hour}:00:00+08:00`;
const account = 'account:shop:1';
const phone = 'tel:+8613800138000';

const customerid = (identifier: string) => timeline.customeridOf(identifier);

test('a customer has the name given last, counts by type and every identifier', async () => {
  await timeline.record(
    { id: '1', time: at(2), subject: account, data: { customer: { name: '李雷', identifiers: [phone] } } },
    { id: '2', time: at(1), subject: account, data: { customer: { name: 'Li Lei' } } },
    { id: '3', type: 'touchline.call.missed.v1', time: at(3), subject: phone },
  );
  const id = await customerid(phone);
  const found = await timeline.read((snapshot) => customer(snapshot, id));
  expect(found).toMatchObject({
    customerid: id,
    name: '李雷',
    first: '2026-03-01T02:00:00.000Z',
    last: '2026-03-03T02:00:00.000Z',
    counts: { 'touchline.call.missed.v1': 1, 'touchline.note.added.v1': 2 },
    candidates: [],
  });
  expect(found?.identifiers.map((one) => one.identifier).sort()).toEqual([account, phone]);
  expect(found?.mergedfrom).toHaveLength(1);
});

test('a customer is found by every name it ever had, and called by the one given last', async () => {
  const named = (name: string, day: number) => ({
    id: name,
    time: at(day),
    subject: account,
    data: { customer: { name }, description: `of day ${day}` },
  });
  await timeline.record(named('Mei Zhang', 5), named('Han Mei', 2), named('Zhou Mei', 4));
  const find = (words: string) =>
    timeline.read((snapshot) => search(snapshot, timeline.backing.catalogue, words, 10));
  expect((await find('han')).customers).toMatchObject([{ name: 'Mei Zhang', fragment: 'Han Mei' }]);
  expect((await find('day')).entries.map((hit) => hit.name)).toEqual(Array(3).fill('Mei Zhang'));
});

test('a customer is counted in one go or in many, as of any position', async () => {
  const types = ['touchline.note.added.v1', 'touchline.call.missed.v1'];
  await timeline.record(
    ...Array.from({ length: 23 }, (_, n) => ({
      id: `e${n}`,
      time: at(1 + ((n * 7) % 5)),
      subject: account,
      type: types[n % 2] ?? '',
    })),
  );
  const { subject } = timeline.backing.journal.identify(account);
  for (const asof of [undefined, 0, 1, 9, 23]) {
    const upTo = asof ?? 23;
    const days = Array.from({ length: upTo }, (_, n) => Date.parse(at(1 + ((n * 7) % 5))));
    const expected = {
      subject,
      counts: {
        ...(upTo > 1 ? { 'touchline.call.missed.v1': Math.floor(upTo / 2) } : {}),
        'touchline.note.added.v1': Math.ceil(upTo / 2),
      },
      firstAt: Math.min(...days),
      lastAt: Math.max(...days),
    };
    for (const entriesPerGo of [1, 2, 5, 22, 23, 24, 1_000])
      expect(
        await timeline.read((snapshot) => figuresOf(snapshot, [subject], asof, entriesPerGo)),
        `as of ${asof}, ${entriesPerGo} in one go`,
      ).toEqual(upTo === 0 ? [] : [expected]);
  }
});

test('a customer behind a shared telephone is one of several candidates', async () => {
  await timeline.record(
    { id: '1', subject: account, data: { customer: { identifiers: [phone] } } },
    { id: '2', subject: 'account:shop:2', data: { customer: { identifiers: [phone] } } },
    { id: '3', type: 'touchline.call.missed.v1', subject: phone },
  );
  const { subject } = timeline.backing.journal.identify(phone);
  const ids = await timeline.read((snapshot) => customersBearing(snapshot, subject));
  expect(ids).toHaveLength(3);
  const caller = await timeline.read((snapshot) => customer(snapshot, subject));
  expect([...(caller?.candidates ?? [])].sort()).toEqual(
    [await customerid(account), await customerid('account:shop:2')].sort(),
  );
});

test('a customer tells why it is one: links with their proof, decisions with who and when', async () => {
  const [proof] = await timeline.record({
    id: '1',
    subject: account,
    data: { customer: { identifiers: [phone] } },
  });
  await timeline.record({ id: '2', subject: 'account:erp:9' });
  const [merge] = await timeline.record({
    id: '3',
    type: 'touchline.party.merged.v1',
    authid: 'han.meimei',
    data: { parties: [account, 'account:erp:9'], reason: 'same person' },
  });
  const id = await customerid(phone);
  expect(id).toBe(await customerid('account:erp:9'));
  const why = await timeline.read((snapshot) => identityOf(snapshot, id));
  expect(why.links).toEqual([
    expect.objectContaining({
      eventid: proof?.eventid,
      identifiers: expect.arrayContaining([account, phone]),
    }),
  ]);
  expect(why.decisions).toEqual([
    expect.objectContaining({
      eventid: merge?.eventid,
      kind: 'merge',
      by: 'han.meimei',
      reason: 'same person',
      active: true,
    }),
  ]);
});
