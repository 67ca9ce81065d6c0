import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CustomersScene } from './testing/customers-scene.ts';

const MAIL = 'mailto:li.lei@example.com';
const PHONE = 'tel:+8613800138000';

let scene: CustomersScene;
/** Two customers, named by the data subjects of their identifiers. */
let lilei: string;
let hanmeimei: string;

beforeAll(async () => {
  scene = await CustomersScene.open();
  lilei = scene.backing.journal.identify(MAIL).subject;
  hanmeimei = scene.backing.journal.identify(PHONE).subject;
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.now = CustomersScene.now;
  scene.directory.decisions.clear();
  scene.directory.customers.clear();
  for (const [reference, customerid] of [
    [lilei, lilei],
    [MAIL, lilei],
    [hanmeimei, hanmeimei],
    [PHONE, hanmeimei],
  ] as const) {
    scene.directory.customers.set(reference, customerid);
  }
});

const post: CustomersScene['post'] = (...request) => scene.post(...request);
const recordedAs: CustomersScene['recordedAs'] = (eventid) => scene.recordedAs(eventid);

describe('merge', () => {
  test('writes who decided what, when and why, and answers where', async () => {
    const answer = await post(`customers/${lilei}/merge`, { with: hanmeimei, reason: '同一家庭' });
    expect(answer.statusCode).toBe(201);
    const decided = answer.json();
    expect(decided).toEqual({
      decision: expect.stringMatching(/^[0-9a-f-]{36}$/),
      position: expect.stringMatching(/^\d+$/),
      outcome: 'recorded',
    });
    expect(answer.headers['touchline-position']).toBe(decided.position);
    const recorded = await recordedAs(decided.decision);
    expect(recorded?.touchpoint).toMatchObject({
      type: 'touchline.party.merged.v1',
      source: '/touchline/customers',
      time: '2026-11-22T09:00:00.000Z',
      department: 'service',
      authid: 'admin',
      data: { parties: [lilei, hanmeimei], reason: '同一家庭' },
    });
    expect(String(recorded?.position)).toBe(decided.position);
  });

  test('takes an identifier for the other customer, in any way of writing, and keeps it as said', async () => {
    const answer = await post(`customers/${lilei}/merge`, {
      with: 'tel:138 0013 8000',
      reason: 'called from it',
      department: 'sales',
    });
    expect((await recordedAs(answer.json().decision))?.touchpoint).toMatchObject({
      department: 'sales',
      data: { parties: [lilei, PHONE] },
    });
  });

  test('of what is one customer already writes nothing', async () => {
    scene.directory.customers.set(hanmeimei, lilei);
    const head = await scene.backing.journal.head();
    const answer = await post(`customers/${lilei}/merge`, { with: hanmeimei, reason: 'again' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ decision: null, position: null, outcome: 'already-so' });
    expect(answer.headers['touchline-position']).toBe(String(scene.position));
    expect(await scene.backing.journal.head()).toBe(head);
  });

  test('of a customer with itself is refused', async () => {
    for (const other of [lilei, MAIL]) {
      const answer = await post(`customers/${lilei}/merge`, { with: other, reason: 'x' });
      expect(answer.json()).toMatchObject({
        status: 409,
        code: 'same-customer',
        errors: [{ pointer: '/with' }],
      });
    }
  });

  test('with somebody unknown is refused, and says who is unknown', async () => {
    const head = await scene.backing.journal.head();
    const unknown = 'f'.repeat(24);
    expect((await post(`customers/${unknown}/merge`, { with: lilei, reason: 'x' })).json()).toMatchObject({
      status: 404,
      code: 'unknown-customer',
      errors: [{ pointer: '/customerid', in: 'path' }],
    });
    expect((await post(`customers/${lilei}/merge`, { with: unknown, reason: 'x' })).json()).toMatchObject({
      code: 'unknown-customer',
      errors: [{ pointer: '/with', in: 'body' }],
    });
    expect((await post(`customers/${lilei}/merge`, { with: 'cookie:a', reason: 'x' })).statusCode).toBe(404);
    expect(await scene.backing.journal.head()).toBe(head);
  });

  test.each([
    [{ with: 'Li Lei', reason: 'x' }, 422, 'invalid-identifier', '/with'],
    [{ with: 'tel:12', reason: 'x' }, 404, 'unknown-customer', '/with'],
    [{ with: PHONE }, 400, 'invalid-request', '/reason'],
    [{ with: PHONE, reason: '  ' }, 400, 'invalid-request', '/reason'],
    [{ reason: 'x' }, 400, 'invalid-request', '/with'],
    [{ with: PHONE, reason: 'x', parties: [] }, 400, 'invalid-request', '/parties'],
  ])('%j is refused with %i %s at %s', async (body, status, code, pointer) => {
    const answer = await post(`customers/${lilei}/merge`, body);
    expect(answer.json()).toMatchObject({ status, code, errors: [{ pointer }] });
  });

  test('waits for the directory to know what the client has seen', async () => {
    scene.position = 3n;
    const body = { with: hanmeimei, reason: 'x' };
    const early = await post(`customers/${lilei}/merge`, body, { 'touchline-min-position': '4' });
    expect(early.json()).toMatchObject({ status: 503, code: 'position-not-reached' });
    const inTime = await post(`customers/${lilei}/merge`, body, { 'touchline-min-position': '3' });
    expect(inTime.statusCode).toBe(201);
    expect(scene.directory.minimum).toBe(3n);
  });
});

describe('an idempotency key', () => {
  test('makes a command safe to repeat, later and after everything has changed', async () => {
    const send = () =>
      post(`customers/${lilei}/merge`, { with: PHONE, reason: 'retry' }, { 'idempotency-key': 'merge-7' });
    const first = await send();
    expect(first.statusCode).toBe(201);
    scene.now += 3_600_000;
    scene.directory.customers.set(PHONE, lilei).set(hanmeimei, lilei);
    const again = await send();
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({ ...first.json(), outcome: 'repeated' });
    expect(again.headers['touchline-position']).toBe(first.headers['touchline-position']);
  });

  test('used twice at once writes one decision', async () => {
    const send = () =>
      post(`customers/${lilei}/nomerge`, { with: PHONE, reason: 'race' }, { 'idempotency-key': 'race-1' });
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map((answer) => answer.json().decision)).size).toBe(1);
    const decisions = (await scene.backing.journal.read()).filter(
      ({ touchpoint }) => touchpoint.data.reason === 'race',
    );
    expect(decisions).toHaveLength(1);
  });

  test('used for another command is refused', async () => {
    const key = { 'idempotency-key': 'used-up' };
    await post(`customers/${lilei}/merge`, { with: PHONE, reason: 'first' }, key);
    const others: [string, object][] = [
      [`customers/${lilei}/merge`, { with: PHONE, reason: 'second' }],
      [`customers/${lilei}/nomerge`, { with: PHONE, reason: 'first' }],
      [`customers/${hanmeimei}/merge`, { with: MAIL, reason: 'first' }],
      ['identifiers/shared', { identifier: 'cookie:other', reason: 'first' }],
    ];
    for (const [path, body] of others) {
      expect((await post(path, body, key)).json()).toMatchObject({
        status: 409,
        code: 'idempotency-key-reused',
      });
    }
  });

  test('must be visible text', async () => {
    const body = { with: PHONE, reason: 'x' };
    const answer = await post(`customers/${lilei}/merge`, body, { 'idempotency-key': 'two words' });
    expect(answer.json()).toMatchObject({
      status: 400,
      errors: [{ in: 'header', pointer: '/idempotency-key' }],
    });
  });
});

describe('nomerge', () => {
  test('is written also for two who are one customer at the moment: it takes them apart', async () => {
    scene.directory.customers.set(hanmeimei, lilei);
    const answer = await post(`customers/${lilei}/nomerge`, { with: hanmeimei, reason: 'two people' });
    expect(answer.statusCode).toBe(201);
    expect((await recordedAs(answer.json().decision))?.touchpoint).toMatchObject({
      type: 'touchline.party.nomerge-declared.v1',
      data: { parties: [lilei, hanmeimei], reason: 'two people' },
    });
  });
});

describe('unmerge', () => {
  const decision = '0f8fad5b-d9cb-5c4a-8d5e-3f2b1a0c9d8e';

  test('undoes a decision about the customer and names its parties', async () => {
    scene.directory.decisions.set(decision, { kind: 'merge', active: true, parties: [lilei, hanmeimei] });
    const answer = await post(`customers/${hanmeimei}/unmerge`, { decision, reason: 'was wrong' });
    expect(answer.statusCode).toBe(201);
    expect((await recordedAs(answer.json().decision))?.touchpoint).toMatchObject({
      type: 'touchline.party.unmerged.v1',
      data: { decision, parties: [lilei, hanmeimei], reason: 'was wrong' },
    });
  });

  test('of what is undone already writes nothing', async () => {
    scene.directory.decisions.set(decision, { kind: 'merge', active: false, parties: [lilei, hanmeimei] });
    const answer = await post(`customers/${lilei}/unmerge`, { decision, reason: 'again' });
    expect(answer.json()).toEqual({ decision: null, position: null, outcome: 'already-so' });
  });

  test('of an unknown decision, or of one about others, is refused', async () => {
    const undo = (about: string) => post(`customers/${about}/unmerge`, { decision, reason: 'x' });
    expect((await undo(lilei)).json()).toMatchObject({
      status: 404,
      code: 'unknown-decision',
      errors: [{ pointer: '/decision' }],
    });
    scene.directory.decisions.set(decision, { kind: 'merge', active: true, parties: [hanmeimei, hanmeimei] });
    expect((await undo(lilei)).json()).toMatchObject({ code: 'unknown-decision' });
  });
});

describe('shared identifier', () => {
  test('is marked, normalised', async () => {
    const answer = await post('identifiers/shared', { identifier: 'tel:0571 8888 6666', reason: '总机' });
    expect(answer.statusCode).toBe(201);
    expect((await recordedAs(answer.json().decision))?.touchpoint).toMatchObject({
      type: 'touchline.identifier.marked-shared.v1',
      data: { identifier: 'tel:+8657188886666', reason: '总机' },
    });
  });

  test('that is none is refused with what would be right', async () => {
    const answer = await post('identifiers/shared', { identifier: '13800138000', reason: 'x' });
    expect(answer.json()).toMatchObject({
      status: 422,
      code: 'invalid-identifier',
      errors: [{ pointer: '/identifier', detail: expect.stringContaining('must be a URI') }],
    });
  });
});
