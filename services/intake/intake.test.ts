import { eventIdOf } from '@touchline/touchpoints';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntakeFixture } from './testing/intake-fixture.ts';
import { BATCH_TYPE, BEARER, call, EVENT_TYPE, LINES_TYPE, lines } from './testing/intake-server.ts';

let door: IntakeFixture;
beforeAll(async () => {
  door = await IntakeFixture.open();
});
afterAll(() => door.close());

describe('one event', () => {
  test('is recorded and answered 201 with its receipt', async () => {
    const answer = await door.post(call(1));
    expect(answer.statusCode).toBe(201);
    const receipt = answer.json();
    expect(receipt).toEqual({
      source: '/pbx/hangzhou',
      id: 'call-1',
      eventid: eventIdOf('/pbx/hangzhou', 'call-1'),
      position: expect.stringMatching(/^\d+$/),
      duplicate: false,
    });
    expect(answer.headers['touchline-position']).toBe(receipt.position);
    const [found] = (await door.recordedFrom('/pbx/hangzhou')).filter(
      ({ eventid }) => eventid === receipt.eventid,
    );
    expect(found?.touchpoint.data).toEqual(call(1).data);
    expect(String(found?.position)).toBe(receipt.position);
  });

  test('is taken as application/json, too', async () => {
    expect((await door.post(call(2), { type: 'application/json; charset=utf-8' })).statusCode).toBe(201);
  });

  test('sent again is answered 200 with the first receipt', async () => {
    const first = (await door.post(call(3))).json();
    const again = await door.post(call(3));
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({ ...first, duplicate: true });
    expect(again.headers['touchline-position']).toBe(first.position);
  });

  test('with an id used for other content is answered 409, and the log keeps the first', async () => {
    const first = (await door.post(call(4))).json();
    const other = await door.post(call(4, { department: 'sales' }));
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ code: 'event-id-reused', eventid: first.eventid });
    const found = (await door.recordedFrom('/pbx/hangzhou')).filter(
      ({ eventid }) => eventid === first.eventid,
    );
    expect(found.map(({ touchpoint }) => touchpoint.department)).toEqual(['service']);
  });

  test.each([
    ['in the future', { time: '2026-11-22T09:10:01Z' }, '/time', 'in-the-future'],
    ['without an offset', { time: '2026-11-21T10:00:00' }, '/time', 'wrong-format'],
    ['of an unknown type', { type: 'touchline.call.complete.v1' }, '/type', 'unknown-type'],
    ['with a bad identifier', { subject: 'tel:abc' }, '/subject', 'invalid-identifier'],
    ['nobody is named on', { subject: undefined }, '/subject', 'required'],
    ['with a server attribute', { position: '7' }, '/position', 'not-allowed'],
    [
      'with a huge identifier list',
      { data: { customer: { identifiers: Array.from({ length: 500 }, (_, n) => `cookie:${n}`) } } },
      '/data/customer/identifiers',
      'too-many',
    ],
  ])('%s is answered 422 and says where', async (_, more, pointer, code) => {
    const head = await door.head();
    const answer = await door.post(call(5, more));
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'invalid-touchpoint',
      errors: [{ pointer, code, detail: expect.any(String) }],
    });
    expect(await door.head()).toBe(head);
  });

  test('with several mistakes is answered with all of them', async () => {
    const answer = await door.post(
      call(5, { time: 'now', department: 7, data: { durationSeconds: 'long' } }),
    );
    const pointers = answer.json().errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.sort()).toEqual(['/data/durationSeconds', '/department', '/time']);
  });

  test('that is truncated, not UTF-8 or nothing at all is answered 400 and says where', async () => {
    expect((await door.post('{"specversion":"1.0",')).json()).toMatchObject({
      code: 'invalid-json',
      detail: 'The text ends before its value is complete.',
    });
    expect((await door.post(Buffer.from([0x7b, 0x22, 0xc3, 0x28]))).json()).toMatchObject({
      code: 'invalid-utf8',
      detail: 'The text is not UTF-8 at byte 2.',
    });
    expect((await door.post('')).json()).toMatchObject({
      code: 'invalid-json',
      detail: 'The text is empty.',
    });
  });

  test('beyond the size limit is answered 413', async () => {
    const large = call(6, { data: { description: 'x'.repeat(300_000) } });
    expect((await door.post(large)).json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  test('nested without end is answered 422', async () => {
    const deep = JSON.stringify(call(6)).replace('"问了送货时间"', '['.repeat(50_000) + ']'.repeat(50_000));
    expect((await door.post(deep)).json()).toMatchObject({
      code: 'invalid-touchpoint',
      errors: expect.arrayContaining([expect.objectContaining({ code: 'too-deep' })]),
    });
  });
});

describe('content', () => {
  test('of another type is answered 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/vnd.acme+json']) {
      expect((await door.post(call(7), { type })).json()).toMatchObject({
        status: 415,
        code: 'unsupported-media-type',
      });
    }
    const nothing = await door.app.inject({ method: 'POST', url: '/v1/events', headers: BEARER });
    expect(nothing.statusCode).toBe(415);
  });

  test('that is compressed is answered 415', async () => {
    const answer = await door.post(lines([call(7)]), {
      type: LINES_TYPE,
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.json()).toMatchObject({ status: 415, detail: 'Send the body without a content encoding.' });
  });
});

describe('validate=only', () => {
  test('checks one event and records nothing', async () => {
    const head = await door.head();
    const valid = await door.post(call(11), { query: '?validate=only' });
    expect(valid.statusCode).toBe(200);
    expect(valid.json()).toEqual({
      valid: true,
      source: '/pbx/hangzhou',
      id: 'call-11',
      eventid: eventIdOf('/pbx/hangzhou', 'call-11'),
    });
    expect((await door.post(call(11, { time: 'now' }), { query: '?validate=only' })).statusCode).toBe(422);
    expect(await door.head()).toBe(head);
  });

  test('checks many and records nothing', async () => {
    const head = await door.head();
    const events = [call(12), call(13, { time: 'now' })];
    for (const answer of [
      await door.post(events, { type: BATCH_TYPE, query: '?validate=only' }),
      await door.post(lines(events), { type: LINES_TYPE, query: '?validate=only' }),
    ]) {
      expect(answer.json()).toMatchObject({
        accepted: 1,
        rejected: 1,
        position: null,
        rejections: [{ index: 1 }],
      });
      expect(answer.headers['touchline-position']).toBeUndefined();
    }
    expect(await door.head()).toBe(head);
  });

  test('is the only thing that can be asked', async () => {
    expect((await door.post(call(11), { query: '?validate=all' })).json()).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/validate', in: 'query' }],
    });
  });
});

test('the API description names all four content types', async () => {
  const description = (await door.app.inject({ url: '/openapi.json', headers: BEARER })).json();
  const { requestBody, responses } = description.paths['/v1/events'].post;
  expect(Object.keys(requestBody.content)).toEqual([EVENT_TYPE, 'application/json', BATCH_TYPE, LINES_TYPE]);
  expect(Object.keys(responses)).toEqual(['200', '201', 'default']);
});

test('measures say what became of touchpoints', async () => {
  await door.post([call(30), call(30), call(31, { time: 'now' })], { type: BATCH_TYPE });
  const { body } = await door.get('/metrics');
  for (const outcome of ['accepted', 'duplicate', 'rejected']) {
    expect(body).toMatch(
      new RegExp(`^touchline_intake_touchpoints_total\\{outcome="${outcome}"\\} [1-9]`, 'm'),
    );
  }
});

test('the door is ready when log and keys answer', async () => {
  expect((await door.get('/health/ready')).json()).toEqual({
    status: 'ready',
    checks: [
      { name: 'log', ok: true },
      { name: 'keys', ok: true },
    ],
  });
});
