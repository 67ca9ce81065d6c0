import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KnownEntry } from './directory.ts';
import { CustomersScene } from './testing/customers-scene.ts';

const PHONE = 'tel:+8613800138000';

let scene: CustomersScene;
let target: string;
const order: KnownEntry = {
  type: 'touchline.order.placed.v1',
  identifier: PHONE,
  data: { order: '8891', amount: { amount: '40.00', currency: 'CNY' } },
};

beforeAll(async () => {
  scene = await CustomersScene.open();
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.now = CustomersScene.now;
  target = randomUUID();
  know(order);
});

const know = (entry: Partial<KnownEntry>) => scene.directory.entries.set(target, { ...order, ...entry });
const correct = (body: object, headers?: Record<string, string>) =>
  scene.post(`entries/${target}/corrections`, body, headers);
const retract = (body: object, headers?: Record<string, string>) =>
  scene.post(`entries/${target}/retraction`, body, headers);

const retracted = { retracted: { time: '2026-11-22T08:00:00Z' } };

describe('a correction', () => {
  test('writes what should have been recorded, who says so, when and why, and answers where', async () => {
    const data = { order: '8892', customer: { name: '李雷', identifiers: ['tel:138 0013 8001'] } };
    const answer = await correct({ data, reason: '数字写反', department: 'sales' });
    expect(answer.statusCode).toBe(201);
    const { eventid, position, outcome } = answer.json();
    expect(outcome).toBe('recorded');
    expect(answer.headers['touchline-position']).toBe(position);
    expect((await scene.recordedAs(eventid))?.touchpoint).toMatchObject({
      type: 'touchline.record.corrected.v1',
      source: '/touchline/customers',
      time: '2026-11-22T09:00:00.000Z',
      department: 'sales',
      authid: 'admin',
      data: {
        target,
        reason: '数字写反',
        replacement: { ...data, customer: { name: '李雷', identifiers: ['tel:+8613800138001'] } },
      },
    });
  });

  test('is recorded under the data subject of what it corrects, whatever identifiers it names', async () => {
    const data = { customer: { identifiers: ['account:shop:1', 'mailto:other@example.com'] } };
    const answer = await correct({ data, reason: 'x' });
    const recorded = await scene.recordedAs(answer.json().eventid);
    expect(recorded?.subject).toBe(scene.backing.journal.identify(PHONE).subject);
    expect(recorded?.identifiers).toHaveLength(1);
  });

  test('of a record that names nobody is recorded under the same business object', async () => {
    know({ identifier: 'order:shop:8891' });
    const answer = await correct({ data: { order: '8892' }, reason: 'x' });
    const recorded = await scene.recordedAs(answer.json().eventid);
    expect(recorded?.subject).toBe(scene.backing.journal.identify('order:shop:8891').subject);
  });

  test.each([
    [{ data: { order: 7 }, reason: 'x' }, 422, 'invalid-touchpoint', ['/data/order']],
    [
      { data: { amount: { amount: 40, currency: 'CN' }, about: ['?'] }, reason: 'x' },
      422,
      'invalid-touchpoint',
      ['/data/amount/amount', '/data/amount/currency', '/data/about/0'],
    ],
    [
      { data: { customer: { identifiers: ['Li Lei'] } }, reason: 'x' },
      422,
      'invalid-touchpoint',
      ['/data/customer/identifiers/0'],
    ],
    [{ data: { note: 'a\0b' }, reason: 'x' }, 422, 'invalid-touchpoint', ['/data/note']],
    [{ data: [], reason: 'x' }, 400, 'invalid-request', ['/data']],
    [{ reason: 'x' }, 400, 'invalid-request', ['/data']],
    [{ data: {} }, 400, 'invalid-request', ['/reason']],
    [{ data: {}, reason: ' ' }, 400, 'invalid-request', ['/reason']],
    [{ data: {}, reason: 'x', target: 'y' }, 400, 'invalid-request', ['/target']],
  ])('%j is refused with %i %s at %j', async (body, status, code, pointers) => {
    const head = await scene.backing.journal.head();
    const answer = await correct(body);
    const problem = answer.json();
    expect(problem).toMatchObject({ status, code });
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(pointers.sort());
    expect(await scene.backing.journal.head()).toBe(head);
  });

  test('that says what the record says already writes nothing', async () => {
    const answer = await correct({ data: order.data, reason: 'again' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ eventid: null, position: null, outcome: 'already-so' });
  });

  test('is dated after the one it replaces, also when a fast clock dated that one', async () => {
    know({ corrected: { time: '2026-11-22T17:05:00+08:00' } });
    const answer = await correct({ data: { order: '8893' }, reason: 'x' });
    const recorded = await scene.recordedAs(answer.json().eventid);
    expect(recorded?.touchpoint.time).toBe('2026-11-22T09:05:00.001Z');
  });

  test('of what was retracted is refused: nothing brings it back', async () => {
    know(retracted);
    const answer = await correct({ data: {}, reason: 'x' });
    expect(answer.json()).toMatchObject({
      status: 409,
      code: 'entry-retracted',
      detail: expect.stringContaining('record anew'),
    });
  });
});

describe('a retraction', () => {
  test('writes who took the record back, when and why', async () => {
    const answer = await retract({ reason: 'wrong customer' });
    expect(answer.statusCode).toBe(201);
    const { touchpoint } = (await scene.recordedAs(answer.json().eventid)) ?? {};
    expect(touchpoint).toMatchObject({
      type: 'touchline.record.retracted.v1',
      authid: 'admin',
      subject: PHONE,
      data: { target, reason: 'wrong customer' },
    });
  });

  test('of what was retracted already writes nothing', async () => {
    know(retracted);
    const head = await scene.backing.journal.head();
    const answer = await retract({ reason: 'again' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ eventid: null, position: null, outcome: 'already-so' });
    expect(await scene.backing.journal.head()).toBe(head);
  });
});

describe.each([
  ['corrections', { data: {}, reason: 'x' }],
  ['retraction', { reason: 'x' }],
])('%s', (path, body) => {
  const send = (eventid: string) => scene.post(`entries/${eventid}/${path}`, body);

  test('of an entry nobody knows is refused', async () => {
    const head = await scene.backing.journal.head();
    expect((await send(randomUUID())).json()).toMatchObject({
      status: 404,
      code: 'unknown-entry',
      errors: [{ pointer: '/eventid', in: 'path' }],
    });
    expect((await send('8891')).json()).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(await scene.backing.journal.head()).toBe(head);
  });

  test.each([
    ['touchline.record.corrected.v1', 'correcting the record again'],
    ['touchline.record.retracted.v1', 'record anew'],
    ['touchline.party.merged.v1', 'another decision'],
    ['touchline.identifier.marked-shared.v1', 'another decision'],
    ['touchline.customer.erased.v1', 'another decision'],
  ])('of a %s is refused', async (type, detail) => {
    know({ type });
    expect((await send(target)).json()).toMatchObject({
      status: 409,
      code: 'not-amendable',
      detail: expect.stringContaining(detail),
    });
  });

  test('of what was erased is refused: there is nobody to record it under', async () => {
    know({ identifier: null });
    expect((await send(target)).json()).toMatchObject({ status: 409, code: 'entry-erased' });
  });

  test('takes the event id in any case', async () => {
    expect((await send(target.toUpperCase())).statusCode).toBe(201);
  });
});

describe('an idempotency key', () => {
  const key = () => ({ 'idempotency-key': randomUUID() });

  test('makes a correction safe to repeat, also after it counts and after a retraction', async () => {
    const body = { data: { order: '8892' }, reason: 'x' };
    const headers = key();
    const first = await correct(body, headers);
    scene.now += 3_600_000;
    know({ data: body.data, corrected: { time: '2026-11-22T09:00:00Z' } });
    const again = await correct(body, headers);
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({ ...first.json(), outcome: 'repeated' });
    know({ data: body.data, ...retracted });
    expect((await correct(body, headers)).json()).toEqual({ ...first.json(), outcome: 'repeated' });
    expect(again.headers['touchline-position']).toBe(first.headers['touchline-position']);
  });

  test('makes a retraction safe to repeat, at once and later', async () => {
    const headers = key();
    const answers = await Promise.all([1, 2, 3].map(() => retract({ reason: 'race' }, headers)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map((answer) => answer.json().eventid)).size).toBe(1);
    know(retracted);
    expect((await retract({ reason: 'race' }, headers)).json()).toMatchObject({ outcome: 'repeated' });
  });

  test('used for another command is refused', async () => {
    const headers = key();
    await correct({ data: { order: '1' }, reason: 'x' }, headers);
    const others = [
      correct({ data: { order: '2' }, reason: 'x' }, headers),
      correct({ data: { order: '1' }, reason: 'y' }, headers),
      retract({ reason: 'x' }, headers),
    ];
    for (const answer of await Promise.all(others))
      expect(answer.json()).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    target = randomUUID();
    know({ identifier: 'tel:+8613800138009' });
    const elsewhere = await correct({ data: { order: '1' }, reason: 'x' }, headers);
    expect(elsewhere.json()).toMatchObject({ code: 'idempotency-key-reused' });
  });
});
