import { type EventStore, EventStoreError, type RecordedEvent } from '@touchline/event-store';
import { adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replay } from './replay-service.ts';
import { scanLog } from './scan-log.ts';
import { ReplayFixture } from './testing/replay-fixture.ts';

const PHONE = 'tel:+8613800138000';
const ORDER = 'touchline.order.placed.v1';

let scene: ReplayFixture;
beforeAll(async () => {
  scene = await ReplayFixture.open();
  await scene.record(
    { id: 'call', subject: PHONE, data: { description: '请下午联系李蕾', channel: 'phone' } },
    ...Array.from({ length: 30 }, (_, at) => ({ id: `note${at}`, subject: `account:shop:${at % 3}` })),
    { id: 'order', type: ORDER, subject: 'account:shop:1', data: { order: 'order:shop:1' } },
  );
});
afterAll(() => scene.close());

interface Listed {
  readonly items: { position: string; stream: string; type: string; version: number }[];
  readonly next: string | null;
}

async function listed(query: string): Promise<string[]> {
  const positions: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const page: Listed = (await scene.get(`log?${query}${cursor}`)).json();
    positions.push(...page.items.map(({ position }) => position));
    next = page.next;
  }
  return positions;
}

describe('the raw log', () => {
  test('shows what is clear, and of the rest only that it is sealed', async () => {
    const answer = await scene.get('log?limit=1');
    expect(answer.headers['touchline-position']).toBe('32');
    expect(answer.body).not.toContain('李蕾');
    expect(answer.body).not.toContain('13800138000');
    const subject = scene.subjectOf(PHONE);
    expect(answer.json().items).toEqual([
      {
        position: '1',
        eventid: expect.stringMatching(/^[0-9a-f-]{36}$/),
        stream: `subject-${subject}`,
        version: 0,
        type: 'touchline.note.added.v1',
        recordedtime: expect.stringMatching(/^\d{4}-.*Z$/),
        identifiers: [`tel:${subject}`],
        envelope: expect.objectContaining({ id: 'call', source: '/test', department: 'service' }),
        data: { channel: 'phone' },
        sealed: { characters: expect.any(Number) },
      },
    ]);
  });

  test('is read in its order, page by page, from any position', async () => {
    const all = Array.from({ length: 32 }, (_, at) => String(at + 1));
    expect(await listed('limit=500')).toEqual(all);
    expect(await listed('limit=7')).toEqual(all);
    expect(await listed('limit=7&after=0')).toEqual(all);
    expect((await scene.get('log?after=30')).json()).toMatchObject({
      items: [{ position: '31' }, { position: '32' }],
      next: null,
    });
    expect((await scene.get('log?after=32')).json()).toEqual({ items: [], next: null });
    for (const after of ['9999999999', '9007199254740993', '9223372036854775808', '9999999999999999999'])
      expect((await scene.get(`log?after=${after}`)).json()).toEqual({ items: [], next: null });
  });

  test('is read by stream, also from the middle of it', async () => {
    const stream = `subject-${scene.subjectOf('account:shop:1')}`;
    const whole = await listed(`stream=${stream}`);
    expect(whole).toHaveLength(11);
    expect(await listed(`stream=${stream}&limit=3`)).toEqual(whole);
    for (const after of [...whole, '0', '1', '4', '31', '32', '99']) {
      const rest = whole.filter((position) => Number(position) > Number(after));
      expect([after, (await scene.get(`log?stream=${stream}&after=${after}`)).json().items.length]).toEqual([
        after,
        rest.length,
      ]);
    }
    expect(await listed('stream=subject-nobody')).toEqual([]);
  });

  test('is read by type, and by both', async () => {
    const stream = `subject-${scene.subjectOf('account:shop:1')}`;
    expect(await listed(`type=${ORDER}`)).toEqual(['32']);
    expect(await listed(`type=${ORDER}&stream=${stream}&limit=1`)).toEqual(['32']);
    expect(await listed('type=touchline.nothing.v1')).toEqual([]);
  });

  test('tells where it ends', async () => {
    expect((await scene.get('log/head')).json()).toEqual({ position: '32', events: 32 });
  });

  test.each([
    'after=x',
    'after=-1',
    'limit=0',
    'limit=501',
    'limit=1.5',
    'cursor=what',
    'stream=',
    'type=',
    `type=${'x'.repeat(257)}`,
    'subject=a',
    'after=1&after=2',
  ])('refuses %s', async (query) => {
    expect((await scene.get(`log?${query}`)).statusCode).toBe(400);
  });
});

test('a position that the log does not know is refused, in a cursor too', async () => {
  const unknown = () =>
    Promise.reject(new EventStoreError('event-store-position-unknown', 'no event is at 5 in this log'));
  const eventStore = { readAll: unknown, readStream: unknown, head: async () => 9n };
  const app = await createServer({
    services: [
      { service: replay, backing: { ...scene.backing, readModels: scene.readModels, eventStore } as never },
    ],
    access: adminTokens('test-token-0123456789'),
    logger: createLogger({ level: 'silent' }),
    config: { host: '127.0.0.1', port: 0 },
  });
  const headers = { authorization: 'Bearer test-token-0123456789' };
  const cursor = Buffer.from('["log",1,"5"]').toString('base64url');
  for (const [query, code, pointer] of [
    ['after=5', 'invalid-request', '/after'],
    [`cursor=${cursor}`, 'invalid-cursor', '/cursor'],
  ] as const) {
    const answer = await app.inject({ url: `/v1/log?${query}`, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code, errors: [{ pointer, in: 'query' }] });
  }
  await app.close();
});

describe('a page', () => {
  const events = (count: number, characters: number): RecordedEvent[] =>
    Array.from({ length: count }, (_, at) => ({
      position: BigInt(at + 1),
      stream: 's',
      version: at,
      id: '',
      type: at === count - 1 ? 'last' : 'other',
      fingerprint: '',
      recordedAt: 0,
      data: ' '.repeat(characters),
    }));
  const logOf = (all: readonly RecordedEvent[]): Pick<EventStore, 'readAll' | 'readStream'> => ({
    readAll: async ({ after = 0n, limit = 1 } = {}) => all.slice(Number(after), Number(after) + limit),
    readStream: async (_, { from = 0, limit = 1 } = {}) => all.slice(from, from + limit),
  });
  const signal = new AbortController().signal;

  test.each([undefined, 's'])(
    'looks at a bounded number of events and goes on from there (stream %s)',
    async (stream) => {
      const log = logOf(events(50_001, 1));
      let [after, pages, found] = [0n, 0, 0];
      for (let next: bigint | undefined = 0n; next !== undefined; pages++) {
        const page = await scanLog(log, { after, stream, type: 'last', limit: 10, signal });
        found += page.events.length;
        next = page.next;
        after = next ?? after;
      }
      expect([pages, found]).toEqual([3, 1]);
    },
  );

  test('ends when it has grown large, and loses nothing', async () => {
    const log = logOf(events(20, 1_000_000));
    const seen: bigint[] = [];
    for (let after: bigint | undefined = 0n; after !== undefined; ) {
      const page: Awaited<ReturnType<typeof scanLog>> = await scanLog(log, { after, limit: 500, signal });
      expect(page.events.length).toBeLessThanOrEqual(5);
      seen.push(...page.events.map(({ position }) => position));
      after = page.next;
    }
    expect(seen).toHaveLength(20);
  });

  test('ends early when nobody waits for it any more', async () => {
    const page = await scanLog(logOf(events(50_000, 1)), {
      after: 0n,
      type: 'last',
      limit: 1,
      signal: AbortSignal.abort(),
    });
    expect(page).toEqual({ events: [], next: 500n });
  });
});
