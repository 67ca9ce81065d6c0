import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ProblemCode } from '@touchline/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, placesOf } from '../support/problem.ts';
import { residentMebibytes } from '../support/resident-memory.ts';
import { note, noteOfBytes } from '../support/sample-events.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

const CLOUD_EVENT = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const KIBIBYTE = 1024;
const IDENTIFIERS = '/data/customer/identifiers too-many';
const TOO_DEEP = `/data/n${'/0'.repeat(30)} too-deep`;
const TOO_LONG = '/data/description too-long';

let folder: string;
let touchline: TouchlineProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-bad-input-'));
  touchline = await TouchlineProcess.start({ dataFolder: folder });
});
afterAll(async () => {
  await touchline?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface How {
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

const post = (
  body: string | Buffer,
  { type = CLOUD_EVENT, headers = {}, query = '' }: How = {},
): Promise<Response> =>
  touchline.fetch(`/v1/events?${query}`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  });
const head = async (): Promise<number> => Number((await touchline.json<{ head: string }>('/v1/status')).head);
/** The text of a good event with one piece of it replaced: for what no serializer would write. */
const spoilt = (piece: string, by: string): string => JSON.stringify(note('spoilt')).replace(piece, by);
const withData = (data: object): string => JSON.stringify(note('wrong', { data }));
const identifiers = (count: number): string[] => Array.from({ length: count }, (_, at) => `device:${at}`);
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

test.each<[string, () => string | Buffer, ProblemCode, RegExp]>([
  ['cut in the middle', () => JSON.stringify(note('t')).slice(0, 80), 'invalid-json', /ends before/],
  ['empty', () => '', 'invalid-json', /empty/],
  ['not JSON', () => spoilt('"subject"', 'subject'), 'invalid-json', /at character 142\./],
  ['two values', () => `${spoilt('x', 'x')}{}`, 'invalid-json', /at character \d+\./],
  [
    'not UTF-8',
    () => Buffer.from(JSON.stringify(note('t')).replace('called', '\xff'), 'latin1'),
    'invalid-utf8',
    /at byte 189\./,
  ],
  ['in UTF-16', () => Buffer.from(JSON.stringify(note('t')), 'utf16le'), 'invalid-json', /at character 1\./],
  ['one byte too long', () => noteOfBytes('t', 256 * KIBIBYTE + 1), 'body-too-large', /262144 bytes/],
])('a body that is %s is refused', async (_name, body, code, detail) => {
  expect((await expectProblem(await post(body()), code)).detail).toMatch(detail);
});

test.each<[string, () => string, string[]]>([
  ['null', () => 'null', [' wrong-type']],
  ['an array', () => '[]', [' wrong-type']],
  ['a time in the future', () => spoilt('2026-03-01T10:00:00+08:00', inMinutes(11)), ['/time in-the-future']],
  ['a time without offset', () => spoilt('+08:00', ''), ['/time wrong-format']],
  ['a day that does not exist', () => spoilt('03-01', '02-29'), ['/time wrong-format']],
  ['a year before any customer', () => spoilt('2026-03', '1899-12'), ['/time wrong-format']],
  ['an hour that does not exist', () => spoilt('T10', 'T24'), ['/time wrong-format']],
  ['seconds since 1970', () => spoilt('"2026-03-01T10:00:00+08:00"', '1772330400'), ['/time wrong-type']],
  ['17 identifiers', () => withData({ customer: { identifiers: identifiers(17) } }), [IDENTIFIERS]],
  ['16 and a subject', () => withData({ customer: { identifiers: identifiers(16) } }), [IDENTIFIERS]],
  ['ten thousand', () => withData({ customer: { identifiers: identifiers(10_000) } }), [IDENTIFIERS]],
  ['a key that changes prototypes', () => spoilt('"id"', '"__proto__":{},"id"'), ['/__proto__ not-allowed']],
  ['one in the body', () => spoilt('{"desc', '{"__proto__":{},"desc'), ['/data/__proto__ not-allowed']],
  ['a number beyond 2^53', () => spoilt('{"desc', '{"n":9007199254740993,"desc'), ['/data/n out-of-range']],
  ['a number beyond all', () => spoilt('{"desc', '{"n":-1e400,"desc'), ['/data/n out-of-range']],
  ['33 levels', () => spoilt('{"desc', `{"n":${'['.repeat(31)}${']'.repeat(31)},"desc`), [TOO_DEEP]],
  ['100,000 levels', () => spoilt('{"desc', `{"n":${'['.repeat(1e5)}${']'.repeat(1e5)},"desc`), [TOO_DEEP]],
  ['a description that is too long', () => withData({ description: 'x'.repeat(65_537) }), [TOO_LONG]],
  ['nobody it is about', () => spoilt('"subject":"account:shop:e2e",', ''), ['/subject required']],
  [
    'everything missing',
    () => '{}',
    ['specversion', 'id', 'source', 'type', 'time', 'department', 'data', 'subject'].map(
      (name) => `/${name} required`,
    ),
  ],
])('an event with %s is refused, and told where', async (_name, body, places) => {
  expect(placesOf(await expectProblem(await post(body()), 'invalid-touchpoint'))).toEqual(places);
});

test('an unknown type is answered with the nearest names', async () => {
  const near = await expectProblem(await post(spoilt('note.added', 'noteAded')), 'invalid-touchpoint');
  expect(near.errors?.[0]).toMatchObject({
    pointer: '/type',
    code: 'unknown-type',
    detail: expect.stringContaining('touchline.note.added.v1'),
  });
  const far = await expectProblem(
    await post(spoilt('touchline.note.added.v1', 'com.example.thing')),
    'invalid-touchpoint',
  );
  expect(far.errors?.[0]?.detail).toMatch(/GET \/v1\/event-types\)$/);
});

describe('what the server assigns', () => {
  const names = ['position', 'recordedtime', 'eventid', 'customerid'];

  test('is refused in a body', async () => {
    const given = Object.fromEntries(names.map((name) => [name, '7']));
    const refused = await expectProblem(
      await post(JSON.stringify(note('assigned', given))),
      'invalid-touchpoint',
    );
    expect(placesOf(refused)).toEqual(names.map((name) => `/${name} not-allowed`));
  });

  test('is refused in headers, as is a name that changes prototypes', async () => {
    const { data, ...attributes } = note('assigned');
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]),
    );
    for (const name of [...names, '__proto__']) {
      const answer = await post(JSON.stringify(data), {
        type: 'application/json',
        headers: { ...headers, [`ce-${name}`]: '7' },
      });
      expect(placesOf(await expectProblem(answer, 'invalid-touchpoint'))).toEqual([`/${name} not-allowed`]);
    }
  });
});

test('content that is compressed or of another type is refused with what would be taken', async () => {
  const event = JSON.stringify(note('content'));
  for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'text/json']) {
    const refused = await expectProblem(await post(event, { type }), 'unsupported-media-type');
    expect(refused.detail).toContain(CLOUD_EVENT);
  }
  for (const type of [CLOUD_EVENT, 'application/x-ndjson', BATCH]) {
    const packed = await post(gzipSync(event), { type, headers: { 'content-encoding': 'gzip' } });
    expect((await expectProblem(packed, 'unsupported-media-type')).detail).toMatch(/content encoding/);
  }
});

test('what is unusual and right is recorded', async () => {
  const before = await head();
  const bodies: [string | Buffer, How?][] = [
    [`\ufeff${JSON.stringify(note('byte-order-mark'))}`],
    [JSON.stringify(note('charset')), { type: 'application/json; charset=utf-8' }],
    [JSON.stringify(note('upper')), { type: 'Application/CloudEvents+JSON' }],
    [JSON.stringify(note('identity')), { headers: { 'content-encoding': 'Identity' } }],
    [noteOfBytes('full', 256 * KIBIBYTE)],
    [JSON.stringify(note('soon', { time: inMinutes(9) }))],
    [JSON.stringify(note('leap', { time: '2016-12-31T23:59:60Z' }))],
    [JSON.stringify(note('old', { time: '1900-01-01T00:00:00Z' }))],
    [JSON.stringify(note('null', { correlationid: null }))],
    [
      JSON.stringify(
        note('names', { constructor: 'x', data: { constructor: { prototype: {} }, toString: 'x' } }),
      ),
    ],
    [JSON.stringify(note('many', { data: { customer: { identifiers: identifiers(15) } } }))],
  ];
  for (const [body, options] of bodies) expect((await post(body, options)).status).toBe(201);
  expect(await head()).toBe(before + bodies.length);
});

test('of a key that is given twice the last one counts', async () => {
  const answer = await post(JSON.stringify(note('first')).replace('"source"', '"id":"last","source"'));
  expect(await answer.json()).toMatchObject({ id: 'last', duplicate: false });
});

test('an id that is reused with other content is a conflict, and changes nothing', async () => {
  const first = (await (await post(JSON.stringify(note('reused')))).json()) as { eventid: string };
  const before = await head();
  const other = await post(JSON.stringify(note('reused', { department: 'sales' })));
  expect(await expectProblem(other, 'event-id-reused')).toMatchObject({ eventid: first.eventid });
  expect(await (await post(JSON.stringify(note('reused')))).json()).toEqual({ ...first, duplicate: true });
  expect(await head()).toBe(before);
});

test('asking for validation in a way that is not understood records nothing', async () => {
  const before = await head();
  for (const query of ['validate=onl', 'validate', 'Validate=only', 'validate[]=only', 'dry-run=1']) {
    const answer = await post(JSON.stringify(note('unsure')), { query });
    const { errors } = await expectProblem(answer, 'invalid-request');
    expect(errors?.[0]?.in).toBe('query');
  }
  expect(await head()).toBe(before);
});

describe('a batch', () => {
  test('that is no array, not JSON or not UTF-8 is refused as a whole', async () => {
    const send = (body: string | Buffer) => post(body, { type: BATCH });
    expect(placesOf(await expectProblem(await send('{}'), 'invalid-request'))).toEqual(['']);
    await expectProblem(await send(`[${JSON.stringify(note('b'))},`), 'invalid-json');
    await expectProblem(await send(Buffer.from('["\xff"]', 'latin1')), 'invalid-utf8');
    const many = await expectProblem(await send(`[${'1,'.repeat(10_000)}1]`), 'body-too-large');
    expect(many.detail).toMatch(/10000 events/);
  });

  test('takes the good, refuses the bad by place, and counts both', async () => {
    const events = [note('b0'), note('b1', { time: 'today' }), 'text', null, note('b4'), note('b0')];
    const answer = await post(JSON.stringify(events), { type: BATCH });
    expect(await answer.json()).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: 3,
      rejections: [
        { index: 1, id: 'b1', errors: [{ pointer: '/time' }] },
        { index: 2, errors: [{ pointer: '' }] },
        { index: 3 },
      ],
    });
  });
});

test('fifty megabytes are refused at once, keep nobody waiting and take no memory', async () => {
  const before = residentMebibytes(touchline.pid);
  const body = Buffer.alloc(50_000_000, 'x');
  const sent = Date.now();
  const [answer, other] = await Promise.all([post(body), touchline.post(note('meanwhile'))]);
  const refused = await expectProblem(answer, 'body-too-large');
  expect(refused.detail).toMatch(/262144 bytes/);
  expect(Date.now() - sent).toBeLessThan(5_000);
  expect(other.status).toBe(201);
  const unsized = await touchline.fetch('/v1/events', {
    method: 'POST',
    headers: { 'content-type': CLOUD_EVENT },
    body: ReadableStream.from(Array(500).fill(Buffer.alloc(100_000, 'x'))),
    duplex: 'half',
  } as RequestInit);
  await expectProblem(unsized, 'body-too-large');
  expect(residentMebibytes(touchline.pid) - before).toBeLessThan(64);
  // On a machine that is busy with something else it may count as overloaded for a moment.
  await until(async () => (await touchline.fetch('/health/ready')).status === 200, 'it is ready');
});
