import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, placesOf } from '../support/problem.ts';
import { RawConnection, request } from '../support/raw-connection.ts';
import { note } from '../support/sample-events.ts';
import { TOKEN, TouchlineProcess } from '../support/touchline-process.ts';

const EVENTS = 5;

let folder: string;
let touchline: TouchlineProcess;
let customerid: string;
let timeline: string;
let headers: { 'touchline-min-position': string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-hostile-questions-'));
  touchline = await TouchlineProcess.start({ dataFolder: folder });
  for (let at = 0; at < EVENTS; at++) await touchline.post(note(`e${at}`));
  headers = { 'touchline-min-position': String(EVENTS) };
  const path = `/v1/customers?identifier=${encodeURIComponent('account:shop:e2e')}`;
  customerid = (await touchline.json<{ items: { customerid: string }[] }>(path, { headers })).items[0]
    ?.customerid as string;
  timeline = `/v1/customers/${customerid}/timeline`;
});
afterAll(async () => {
  await touchline?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
}

const ask = (path: string): Promise<Response> => touchline.fetch(path, { headers, redirect: 'manual' });
const page = async (query: string): Promise<Page> =>
  (await ask(`${timeline}?${query}`)).json() as Promise<Page>;
const cursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

describe('a timeline', () => {
  test.each([
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'limit=501',
    'limit=1.5',
    'limit=',
    'limit=ten',
    'limit=1&limit=2',
    'order=up',
    'order=asc&order=desc',
    'from=yesterday',
    'from=2026-03-01T10:00:00',
    'to=-271821-04-20T00:00:00Z',
    'to=10000-01-01T00:00:00Z',
    'include=everything',
    `q=${'x'.repeat(201)}`,
    `type=${'a,'.repeat(51)}`,
    'type[]=call.completed',
    'type[0]=call.completed',
    'Type=call.completed',
    'asof=',
    'asof=yesterday',
    'asof=-1',
    'asof=1&asof=2',
    `asof=${'9'.repeat(20)}`,
    '__proto__=1',
    '__proto__[limit]=1',
    'constructor=1',
  ])('asked with %s refuses, and says what is wrong', async (query) => {
    const problem = await expectProblem(await ask(`${timeline}?${query}`), 'invalid-request');
    const name = decodeURIComponent(query.split('=')[0] ?? '');
    expect(problem.errors).toEqual([
      { pointer: `/${name}`, in: 'query', detail: expect.stringMatching(/^(must|is) /) },
    ]);
  });

  test('asked with a cursor that was tampered with or is of another list refuses', async () => {
    const { next } = await page('limit=1');
    const place = { happenedAt: 0, eventKey: 0 };
    for (const text of [
      '',
      'x',
      '../../etc/passwd',
      "' OR 1=1 --",
      next?.slice(0, -3),
      cursor(['search', 1, place]),
      cursor(['timeline', 2, place]),
      cursor(['timeline', 1, { ...place, happenedAt: '0 OR 1=1' }]),
      cursor(['timeline', 1, { ...place, eventKey: 1e300 }]),
      cursor(['timeline', 1, { ...place, asof: { position: '-1' } }]),
      cursor(['timeline', 1, { ...place, asof: 1 }]),
      cursor(['timeline', 1, null]),
      cursor(['timeline', 1]),
      cursor({ __proto__: null }),
    ]) {
      const answer = await ask(`${timeline}?cursor=${encodeURIComponent(text ?? '')}`);
      expect(placesOf(await expectProblem(answer, 'invalid-cursor'))).toEqual(['/cursor']);
    }
    await expectProblem(await ask(`${timeline}?cursor=${'x'.repeat(501)}`), 'invalid-request');
  });

  test('walked by its cursors gives each entry once, in either direction, whatever else is asked', async () => {
    for (const order of ['asc', 'desc']) {
      const ids: string[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const got: Page = await page(`limit=2&order=${order}${next === '' ? '' : `&cursor=${next}`}`);
        ids.push(...got.items.map(({ id }) => id));
        next = got.next;
      }
      expect(ids.toSorted()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
    }
  });

  test('takes absurd but well-formed bounds for what they say', async () => {
    expect((await page('from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59%2B23:59')).items).toHaveLength(
      EVENTS,
    );
    expect((await page('from=9999-01-01T00:00:00Z')).items).toEqual([]);
    expect((await page('from=2030-01-01T00:00:00Z&to=2020-01-01T00:00:00Z')).items).toEqual([]);
    expect((await page(`channel=${encodeURIComponent("web') OR ('1'='1")}`)).items).toEqual([]);
  });
});

const SEARCHES = [
  '"',
  '""',
  '*',
  '-',
  '^called',
  'called*',
  '"called" OR "x"',
  'called NOT back',
  'NEAR(called back)',
  'tokens: called',
  '{a b}: called',
  "' OR 1=1 --",
  "'); DROP TABLE entries; --",
  '\u0000called',
  'a\u0000" OR "b',
  '\u202e',
  '😀',
  '王'.repeat(200),
  'x '.repeat(100),
];

test.each(SEARCHES)('a search for %j is a search for words, never a command', async (q) => {
  const query = `q=${encodeURIComponent(q)}`;
  const found = await ask(`/v1/search?${query}`);
  const { entries } = (await found.json()) as { entries: { entry: { id: string } }[] };
  const { items } = await page(query);
  expect(found.status).toBe(200);
  // What stands for other words than these finds nothing, and least of all everything.
  const isPlain = ['called*', '^called', '\u0000called'].includes(q);
  expect([entries.length, items.length]).toEqual(isPlain ? [EVENTS, EVENTS] : [0, 0]);
});

test.each([
  ['/v1/search', '/q'],
  ['/v1/search?q=', '/q'],
  ['/v1/search?q=a&q=b', '/q'],
  ['/v1/search?q=x&limit=101', '/limit'],
  ['/v1/search?q=x&limit=0', '/limit'],
  ['/v1/customers', ''],
  ['/v1/customers?recent=0', '/recent'],
  ['/v1/customers?recent=101', '/recent'],
  ['/v1/customers?recent=1&identifier=device:1', ''],
  ['/v1/customers?identifier=', '/identifier'],
  ['/v1/customers?identifier=device:1&identifier=device:2', '/identifier'],
  [`/v1/customers?identifier=device:${'1'.repeat(510)}`, '/identifier'],
  ['/v1/customers/x', '/customerid'],
  ['/v1/customers/__proto__', '/customerid'],
  ['/v1/customers/%00', '/customerid'],
  ['/v1/customers/..%2F..%2Fv1%2Fstatus', '/customerid'],
  ["/v1/customers/'%20OR%201=1--/timeline", '/customerid'],
  ['/v1/entries/1', '/eventid'],
  ['/v1/decisions/1', '/eventid'],
])('%s is refused at %j', async (path, pointer) => {
  expect(placesOf(await expectProblem(await ask(path), 'invalid-request'))).toEqual([pointer]);
});

test('what is well-formed and unknown is answered 404', async () => {
  const uuid = '00000000-0000-4000-8000-000000000000';
  await expectProblem(await ask(`/v1/customers/${'0'.repeat(24)}`), 'unknown-customer');
  await expectProblem(await ask(`/v1/customers/${'0'.repeat(24)}/timeline/live`), 'unknown-customer');
  await expectProblem(await ask(`/v1/entries/${uuid}`), 'unknown-entry');
  await expectProblem(await ask(`/v1/decisions/${uuid}`), 'unknown-decision');
  for (const type of ['__proto__', 'constructor', 'toString'])
    await expectProblem(await ask(`/v1/event-types/${type}`), 'unknown-event-type');
  await expectProblem(await ask('/v1/customers?identifier=nobody'), 'invalid-identifier');
  expect(await (await ask('/v1/customers?identifier=device:nobody')).json()).toEqual({
    items: [],
    next: null,
  });
});

test('a position that is none is refused, one that is far away is waited for within a bound', async () => {
  for (const position of ['-1', '1e3', '0x1', 'latest', '9'.repeat(20), '1, 2']) {
    const answer = await touchline.fetch(timeline, { headers: { 'touchline-min-position': position } });
    expect((await expectProblem(answer, 'invalid-request')).errors?.[0]?.in).toBe('header');
  }
  const far = await touchline.fetch(timeline, { headers: { 'touchline-min-position': '9'.repeat(19) } });
  await expectProblem(far, 'position-not-reached');
  expect(far.headers.get('retry-after')).toBe('1');
});

test('no path leads out of the page or the API description', async () => {
  const paths = [
    '/page/../../../package.json',
    '/page/%2e%2e/%2e%2e/package.json',
    '/page/..%2f..%2fpackage.json',
    '/page/page-routes.ts',
    '/docs/static/../../package.json',
    '/docs/static/%2e%2e%2f%2e%2e%2fpackage.json',
    '/docs/static/..%5c..%5cpackage.json',
    '/docs/static/....//....//etc/passwd',
    '/docs/static/%00',
    '/docs/static/nothing.js',
    '/docs/static//etc/passwd',
    '//etc/passwd',
    '/./.git/config',
  ];
  const connection = await RawConnection.open(touchline.origin);
  for (const path of paths)
    connection.send(request(`GET ${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }));
  expect(await connection.answers(paths.length)).toEqual(paths.map(() => 404));
  expect(connection.text).not.toMatch(/"name":|root:|import /);
  connection.destroy();
});

describe('a decision', () => {
  const decide = (path: string, body: string): Promise<Response> =>
    touchline.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  test.each<[string, string, string]>([
    ['null', 'null', ''],
    ['nothing', '{}', '/with /reason'],
    ['a blank reason', '{"with":"device:1","reason":"  "}', '/reason'],
    ['a member that is not known', '{"with":"device:1","reason":"x","constructor":1}', '/constructor'],
    ['a key that changes prototypes', '{"with":"device:1","reason":"x","__proto__":{}}', '/__proto__'],
    ['a list', '{"with":["device:1"],"reason":"x"}', '/with'],
  ])('of %s is refused', async (_name, body, places) => {
    const problem = await expectProblem(
      await decide(`/v1/customers/${customerid}/merge`, body),
      'invalid-request',
    );
    expect(placesOf(problem).join(' ')).toBe(places);
  });

  test('that is cut off, compressed or about nobody is refused', async () => {
    const merge = `/v1/customers/${customerid}/merge`;
    await expectProblem(await decide(merge, '{"with":'), 'invalid-json');
    await expectProblem(await decide(merge, '{"with":"device:nobody","reason":"x"}'), 'unknown-customer');
    await expectProblem(await decide(merge, '{"with":"nobody","reason":"x"}'), 'invalid-identifier');
    await expectProblem(await decide(merge, '{"with":"account:shop:e2e","reason":"x"}'), 'same-customer');
    const nul = await decide('/v1/identifiers/shared', '{"identifier":"device:1","reason":"\\u0000"}');
    expect(placesOf(await expectProblem(nul, 'invalid-touchpoint'))).toEqual(['/data/reason malformed-text']);
  });
});
