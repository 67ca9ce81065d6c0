import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { App } from '@touchline/service-kit';
import { eventIdOf } from '@touchline/touchpoints';
import { HTTP } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BATCH_TYPE,
  BEARER,
  call,
  EVENT_TYPE,
  LINES_TYPE,
  lines,
  startIntake,
} from './testing/intake-server.ts';

let folder: string;
let backing: Backing;
let app: App;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-intake-'));
  backing = await openBacking({ dataFolder: folder });
  app = await startIntake(backing.journal);
});
afterAll(async () => {
  await app.close();
  await backing.close();
  await rm(folder, { recursive: true });
});

function post(
  payload: unknown,
  options: { type?: string; headers?: Record<string, string>; query?: string } = {},
) {
  return app.inject({
    method: 'POST',
    url: `/v1/events${options.query ?? ''}`,
    headers: { ...BEARER, 'content-type': options.type ?? EVENT_TYPE, ...options.headers },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
}

async function recordedIn(source: string) {
  const found = [];
  for (let after = 0n; ; ) {
    const page = await backing.journal.read({ after });
    found.push(...page.filter(({ touchpoint }) => touchpoint.source === source));
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last.position;
  }
}

describe('one event', () => {
  test('is recorded and answered 201 with its receipt', async () => {
    const answer = await post(call(1));
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
    const [found] = (await recordedIn('/pbx/hangzhou')).filter(({ eventid }) => eventid === receipt.eventid);
    expect(found?.touchpoint.data).toEqual(call(1).data);
    expect(String(found?.position)).toBe(receipt.position);
  });

  test('is taken as application/json, too', async () => {
    expect((await post(call(2), { type: 'application/json; charset=utf-8' })).statusCode).toBe(201);
  });

  test('sent again is answered 200 with the first receipt', async () => {
    const first = (await post(call(3))).json();
    const again = await post(call(3));
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({ ...first, duplicate: true });
    expect(again.headers['touchline-position']).toBe(first.position);
  });

  test('with an id used for other content is answered 409, and the log keeps the first', async () => {
    const first = (await post(call(4))).json();
    const other = await post(call(4, { department: 'sales' }));
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ code: 'event-id-reused', eventid: first.eventid });
    const found = (await recordedIn('/pbx/hangzhou')).filter(({ eventid }) => eventid === first.eventid);
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
    const head = await backing.journal.head();
    const answer = await post(call(5, more));
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'invalid-touchpoint',
      errors: [{ pointer, code, detail: expect.any(String) }],
    });
    expect(await backing.journal.head()).toBe(head);
  });

  test('with several mistakes is answered with all of them', async () => {
    const answer = await post(call(5, { time: 'now', department: 7, data: { durationSeconds: 'long' } }));
    const pointers = answer.json().errors.map((error: { pointer: string }) => error.pointer);
    expect(pointers.sort()).toEqual(['/data/durationSeconds', '/department', '/time']);
  });

  test('that is truncated, not UTF-8 or nothing at all is answered 400 and says where', async () => {
    expect((await post('{"specversion":"1.0",')).json()).toMatchObject({
      code: 'invalid-json',
      detail: 'The text ends before its value is complete.',
    });
    expect((await post(Buffer.from([0x7b, 0x22, 0xc3, 0x28]))).json()).toMatchObject({
      code: 'invalid-utf8',
      detail: 'The text is not UTF-8 at byte 2.',
    });
    expect((await post('')).json()).toMatchObject({ code: 'invalid-json', detail: 'The text is empty.' });
  });

  test('beyond the size limit is answered 413', async () => {
    const large = call(6, { data: { description: 'x'.repeat(300_000) } });
    expect((await post(large)).json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  test('nested without end is answered 422', async () => {
    const deep = JSON.stringify(call(6)).replace('"问了送货时间"', '['.repeat(50_000) + ']'.repeat(50_000));
    expect((await post(deep)).json()).toMatchObject({
      code: 'invalid-touchpoint',
      errors: expect.arrayContaining([expect.objectContaining({ code: 'too-deep' })]),
    });
  });
});

describe('content', () => {
  test('of another type is answered 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/vnd.acme+json']) {
      expect((await post(call(7), { type })).json()).toMatchObject({
        status: 415,
        code: 'unsupported-media-type',
      });
    }
    const nothing = await app.inject({ method: 'POST', url: '/v1/events', headers: BEARER });
    expect(nothing.statusCode).toBe(415);
  });

  test('that is compressed is answered 415', async () => {
    const answer = await post(lines([call(7)]), {
      type: LINES_TYPE,
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.json()).toMatchObject({ status: 415, detail: 'Send the body without a content encoding.' });
  });
});

describe('binary mode', () => {
  const { data, ...attributes } = call(8, { id: 'ünï "8" 王', source: '/pbx/binary' });
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]),
  );

  test('takes attributes from percent-encoded headers and data from the body', async () => {
    const answer = await post(data, { type: 'application/json', headers });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ id: 'ünï "8" 王', source: '/pbx/binary' });
    const [found] = await recordedIn('/pbx/binary');
    expect(found?.touchpoint).toMatchObject({ ...attributes, data });
  });

  test('and structured mode are recognised as the same event', async () => {
    expect((await post({ ...attributes, data })).json()).toMatchObject({ duplicate: true });
  });

  test('reads quoted values with backslashes', async () => {
    const quoted = { ...headers, 'ce-id': '"a \\"quoted\\" id"', 'ce-source': '"/pbx/quoted"' };
    expect((await post(data, { type: 'application/json', headers: quoted })).json()).toMatchObject({
      id: 'a "quoted" id',
      source: '/pbx/quoted',
    });
  });

  test('refuses headers that are not percent-encoded UTF-8, by name', async () => {
    for (const value of ['100%', '%ff', '%C3%28']) {
      const answer = await post(data, { type: 'application/json', headers: { ...headers, 'ce-id': value } });
      expect(answer.json()).toMatchObject({
        code: 'invalid-header',
        errors: [{ pointer: '/ce-id', in: 'header' }],
      });
    }
  });

  test('is what the CloudEvents library sends', async () => {
    const { CloudEvent } = await import('cloudevents');
    const message = HTTP.binary(new CloudEvent({ ...call(9, { source: '/sdk/binary' }) } as never));
    const sent = await post(String(message.body), {
      type: 'application/json',
      headers: message.headers as never,
    });
    expect(sent.statusCode).toBe(201);
    const structured = HTTP.structured(
      new CloudEvent({ ...call(10, { source: '/sdk/structured' }) } as never),
    );
    const type = String(structured.headers['content-type']);
    expect((await post(String(structured.body), { type })).statusCode).toBe(201);
  });
});

describe('validate=only', () => {
  test('checks one event and records nothing', async () => {
    const head = await backing.journal.head();
    const valid = await post(call(11), { query: '?validate=only' });
    expect(valid.statusCode).toBe(200);
    expect(valid.json()).toEqual({
      valid: true,
      source: '/pbx/hangzhou',
      id: 'call-11',
      eventid: eventIdOf('/pbx/hangzhou', 'call-11'),
    });
    expect((await post(call(11, { time: 'now' }), { query: '?validate=only' })).statusCode).toBe(422);
    expect(await backing.journal.head()).toBe(head);
  });

  test('checks many and records nothing', async () => {
    const head = await backing.journal.head();
    const events = [call(12), call(13, { time: 'now' })];
    for (const answer of [
      await post(events, { type: BATCH_TYPE, query: '?validate=only' }),
      await post(lines(events), { type: LINES_TYPE, query: '?validate=only' }),
    ]) {
      expect(answer.json()).toMatchObject({
        accepted: 1,
        rejected: 1,
        position: null,
        rejections: [{ index: 1 }],
      });
      expect(answer.headers['touchline-position']).toBeUndefined();
    }
    expect(await backing.journal.head()).toBe(head);
  });

  test('is the only thing that can be asked', async () => {
    expect((await post(call(11), { query: '?validate=all' })).json()).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/validate', in: 'query' }],
    });
  });
});

describe('a batch', () => {
  test('is answered with what became of each', async () => {
    await post(call(20));
    const events = [
      call(20),
      call(21),
      call(22, { time: 'now' }),
      call(20, { department: 'sales' }),
      7,
      call(23),
    ];
    const answer = await post(events, { type: BATCH_TYPE });
    expect(answer.statusCode).toBe(200);
    const summary = answer.json();
    expect(summary).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: 3,
      rejections: [
        {
          index: 2,
          source: '/pbx/hangzhou',
          id: 'call-22',
          code: 'invalid-touchpoint',
          errors: [{ pointer: '/time' }],
        },
        { index: 3, source: '/pbx/hangzhou', id: 'call-20', code: 'event-id-reused' },
        { index: 4, code: 'invalid-touchpoint', detail: 'Item 4: one thing is wrong.' },
      ],
    });
    expect(summary.position).toBe(String(await backing.journal.head()));
    expect(answer.headers['touchline-position']).toBe(summary.position);
  });

  test('has no place when nothing of it was recorded', async () => {
    const answer = await post([], { type: BATCH_TYPE });
    expect(answer.json()).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: 0,
      position: null,
      rejections: [],
    });
    expect(answer.headers['touchline-position']).toBeUndefined();
  });

  test('that is no array is answered 400', async () => {
    expect((await post(call(24), { type: BATCH_TYPE })).json()).toMatchObject({
      status: 400,
      code: 'invalid-request',
      errors: [{ pointer: '', detail: 'must be a JSON array of events' }],
    });
  });

  test('of more items than allowed is answered 413', async () => {
    const answer = await post(`[${'1,'.repeat(10_000)}1]`, { type: BATCH_TYPE });
    expect(answer.json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  test('refuses an item that would be too large on its own', async () => {
    const large = call(25, { data: { description: 'x'.repeat(300_000) } });
    const answer = await post([large, call(26)], { type: BATCH_TYPE });
    expect(answer.json()).toMatchObject({
      accepted: 1,
      rejections: [{ index: 0, id: 'call-25', code: 'touchpoint-too-large' }],
    });
  });
});

describe('the catalogue', () => {
  const get = (url: string) => app.inject({ url, headers: BEARER });

  test('lists every type with fields, what is personal, words and JSON Schema', async () => {
    const { items, next } = (await get('/v1/event-types')).json();
    expect(next).toBeNull();
    expect(items.length).toBe(backing.catalogue.types.size);
    const registered = items.find(
      ({ type }: { type: string }) => type === 'touchline.customer.registered.v1',
    );
    expect(registered).toMatchObject({
      group: 'party',
      summary: { en: expect.any(String), zh: expect.any(String) },
    });
    const personal = Object.fromEntries(
      registered.fields.map((field: { name: string; personal: boolean }) => [field.name, field.personal]),
    );
    expect(personal).toMatchObject({
      birthday: true,
      address: true,
      customer: true,
      segment: false,
      channel: false,
    });
    expect(registered.schema.properties.data.properties.birthday['x-personal']).toBe(true);
  });

  test('answers one type, or 404 with the nearest names', async () => {
    const one = (await get('/v1/event-types/touchline.party.merged.v1')).json();
    expect(one.fields).toContainEqual(
      expect.objectContaining({ name: 'parties', required: true, personal: true }),
    );
    expect((await get('/v1/event-types/touchline.party.merge.v1')).json()).toMatchObject({
      status: 404,
      code: 'unknown-event-type',
      detail: expect.stringContaining('touchline.party.merged.v1'),
    });
  });
});

test('the API description names all four content types', async () => {
  const description = (await app.inject({ url: '/openapi.json', headers: BEARER })).json();
  const { requestBody, responses } = description.paths['/v1/events'].post;
  expect(Object.keys(requestBody.content)).toEqual([EVENT_TYPE, 'application/json', BATCH_TYPE, LINES_TYPE]);
  expect(Object.keys(responses)).toEqual(['200', '201', 'default']);
});
