import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { Journal } from '@touchline/journal';
import type { App } from '@touchline/service-kit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { IntakeLimits } from './limits.ts';
import { BEARER, call, EVENT_TYPE, LINES_TYPE, lines, listen, startIntake } from './testing/intake-server.ts';
import { ScriptedJournal, StoreFailure } from './testing/scripted-journal.ts';

let app: App;
afterEach(() => app.close());

interface Sending {
  readonly request: ClientRequest;
  readonly answer: Promise<{
    status: number;
    headers: IncomingMessage['headers'];
    body: Record<string, unknown>;
  }>;
}

/** An upload over a real socket, written piece by piece by the test. */
async function send(
  journal: Pick<Journal, 'record'>,
  options: { limits?: Partial<IntakeLimits>; type?: string; length?: number } = {},
): Promise<Sending> {
  app = await startIntake(journal, options.limits);
  const port = await listen(app);
  const request = httpRequest({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/events',
    headers: {
      ...BEARER,
      'content-type': options.type ?? LINES_TYPE,
      ...(options.length === undefined ? {} : { 'content-length': options.length }),
    },
  });
  const answer = new Promise<Awaited<Sending['answer']>>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }),
      );
      response.once('error', reject);
    });
  });
  answer.catch(() => {});
  return { request, answer };
}

/** Writes at the pace of the socket, until all is written or answered. */
async function write({ request, answer }: Sending, pieces: Iterable<string | Buffer>): Promise<void> {
  let isAnswered = false;
  const answered = answer.then(() => {
    isAnswered = true;
  });
  for (const piece of pieces) {
    if (isAnswered) return;
    if (!request.write(piece))
      await Promise.race([answered, new Promise((resolve) => request.once('drain', resolve))]);
  }
}

describe('on a real log', () => {
  let folder: string;
  let backing: Backing;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-upload-'));
    backing = await openBacking({ dataFolder: folder });
  });
  afterEach(async () => {
    await backing.close();
    await rm(folder, { recursive: true });
  });

  async function sizeOfLog(): Promise<number> {
    let count = 0;
    for (let after = 0n; ; ) {
      const page = await backing.journal.read({ after });
      const last = page.at(-1);
      if (last === undefined) return count;
      count += page.length;
      after = last.position;
    }
  }

  test('bad lines are rejected by place, and all others are recorded', async () => {
    const { request, answer } = await send(backing.journal);
    const events: string[] = Array.from({ length: 2_000 }, (_, number) => JSON.stringify(call(number)));
    events[3] = '{"specversion":"1.0",';
    events[1_000] = JSON.stringify(call(1_000, { type: 'touchline.call.done.v1' }));
    events[1_500] = JSON.stringify(call(1_500, { data: { description: 'x'.repeat(300_000) } }));
    events[1_700] = '';
    events[1_800] = `  ${JSON.stringify(call(1_800))}\r`;
    events[1_999] = JSON.stringify(call(7));
    const bytes = Buffer.from(events.join('\n'));
    bytes[bytes.indexOf('call-900"')] = 0xff;
    request.end(bytes);
    const { status, headers, body } = await answer;
    expect(status).toBe(200);
    expect(body).toEqual({
      accepted: 1_994,
      duplicates: 1,
      rejected: 4,
      position: String(await backing.journal.head()),
      rejections: [
        { index: 3, code: 'invalid-json', detail: 'Line 4: The text ends before its value is complete.' },
        { index: 900, code: 'invalid-utf8', detail: 'Line 901: The text is not UTF-8 at byte 27.' },
        {
          index: 1_000,
          source: '/pbx/hangzhou',
          id: 'call-1000',
          code: 'invalid-touchpoint',
          detail: 'Line 1001: one thing is wrong.',
          errors: [expect.objectContaining({ pointer: '/type', code: 'unknown-type' })],
        },
        { index: 1_500, code: 'touchpoint-too-large', detail: 'Line 1501 has more than 262144 bytes.' },
      ],
    });
    expect(headers['touchline-position']).toBe(body.position);
    expect(await sizeOfLog()).toBe(1_994);
  });

  test('sent again it reports only duplicates, and the log does not grow', async () => {
    const events = Array.from({ length: 1_200 }, (_, number) => call(number));
    const first = await send(backing.journal);
    first.request.end(lines(events));
    expect((await first.answer).body).toMatchObject({ accepted: 1_200, duplicates: 0 });
    await app.close();
    const second = await send(backing.journal);
    second.request.end(lines(events));
    expect((await second.answer).body).toMatchObject({ accepted: 0, duplicates: 1_200, rejected: 0 });
    expect(await sizeOfLog()).toBe(1_200);
  });

  test('an event that comes twice in one upload is one event, another with its id is rejected', async () => {
    const { request, answer } = await send(backing.journal);
    request.end(lines([call(1), call(1), call(1, { department: 'sales' }), call(2)]));
    expect((await answer).body).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: 1,
      rejections: [{ index: 2, source: '/pbx/hangzhou', id: 'call-1', code: 'event-id-reused' }],
    });
  });

  test('a client that leaves half way: what was handed over stays, and the server goes on', async () => {
    const { request, answer } = await send(backing.journal, { limits: { maxGroupTouchpoints: 100 } });
    const events = Array.from({ length: 250 }, (_, number) => call(number));
    request.write(lines(events));
    request.write('{"specversion":"1.0","id":"half');
    await vi.waitFor(async () => expect(await sizeOfLog()).toBe(200));
    request.destroy();
    await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    const next = await app.inject({
      method: 'POST',
      url: '/v1/events',
      headers: { ...BEARER, 'content-type': EVENT_TYPE },
      payload: JSON.stringify(call(1_000)),
    });
    expect(next.statusCode).toBe(201);
    expect(await sizeOfLog()).toBe(201);
  });
});

test('an upload of any length uses bounded memory and waits for the store', async () => {
  const journal = new ScriptedJournal();
  let underWay = 0;
  let most = 0;
  journal.record = async (touchpoints) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise(setImmediate);
    underWay -= 1;
    return touchpoints.map((_, at) => ({
      ok: true,
      eventid: '',
      position: BigInt(at + 1),
      duplicate: false,
      subject: '',
    }));
  };
  const sending = await send(journal);
  const before = process.memoryUsage().arrayBuffers;
  let highest = 0;
  await write(
    sending,
    (function* () {
      for (let from = 0; from < 30_000; from += 1_000) {
        yield lines(Array.from({ length: 1_000 }, (_, at) => call(from + at)));
        highest = Math.max(highest, process.memoryUsage().arrayBuffers - before);
      }
    })(),
  );
  sending.request.end();
  expect((await sending.answer).body).toMatchObject({ accepted: 30_000, rejected: 0 });
  expect(most).toBeLessThanOrEqual(3);
  // 12 MB were sent.
  expect(highest).toBeLessThan(8 * 1024 * 1024);
}, 30_000);

test('reading pauses while the store does not keep up', async () => {
  const journal = new ScriptedJournal();
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  journal.before = () => gate;
  const { request, answer } = await send(journal, {
    limits: { maxGroupTouchpoints: 100, maxGroupsUnderWay: 2 },
  });
  const piece = lines(Array.from({ length: 1_000 }, (_, number) => call(number)));
  let isPaused = false;
  const writing = (async () => {
    for (let round = 0; round < 30; round += 1) {
      if (request.write(piece)) continue;
      const drained = new Promise((resolve) => request.once('drain', resolve));
      isPaused = (await Promise.race([drained, stillness()])) === 'still' || isPaused;
      await drained;
    }
    request.end();
  })();
  await vi.waitFor(() => expect(isPaused).toBe(true), { timeout: 5_000 });
  expect(journal.calls.length).toBeLessThanOrEqual(2);
  letGo();
  await writing;
  expect((await answer).body).toMatchObject({ accepted: 1_000, duplicates: 29_000 });
}, 30_000);

/** Many turns of the event loop in which nothing else happened. */
async function stillness(): Promise<'still'> {
  for (let turn = 0; turn < 2_000; turn += 1) await new Promise(setImmediate);
  return 'still';
}

test('a store that fails half way is answered with how far it got, and sending all again is safe', async () => {
  const journal = new ScriptedJournal();
  journal.before = (_, number) => {
    if (number === 3) throw new StoreFailure('event-store-full');
  };
  const events = Array.from({ length: 1_000 }, (_, number) => (number === 120 ? 'nonsense' : call(number)));
  const first = await send(journal, { limits: { maxGroupTouchpoints: 100 } });
  first.request.end(lines(events));
  const { status, headers, body } = await first.answer;
  expect(status).toBe(507);
  expect(headers['retry-after']).toBe('30');
  expect(headers['touchline-position']).toBe('199');
  expect(body).toMatchObject({
    code: 'event-store-full',
    done: 200,
    detail:
      'The first 200 lines are done: 199 recorded, 0 recorded before, 1 rejected. ' +
      'Send all of it again: what is recorded is recognised.',
    summary: { accepted: 199, rejected: 1, rejections: [{ index: 120, code: 'invalid-json' }] },
  });
  await app.close();
  const second = await send(journal);
  second.request.end(lines(events));
  const again = (await second.answer).body as { accepted: number; duplicates: number };
  expect(again.accepted + again.duplicates).toBe(999);
  expect(journal.recorded.size).toBe(999);
});

test('a client that is still sending when the store fails gets to read the answer', async () => {
  const journal = new ScriptedJournal();
  journal.before = () => {
    throw new StoreFailure('event-store-full');
  };
  const sending = await send(journal, { limits: { maxGroupTouchpoints: 10 } });
  const piece = lines(Array.from({ length: 1_000 }, (_, number) => call(number)));
  await write(sending, Array(100).fill(piece));
  expect(await sending.answer).toMatchObject({ status: 507, body: { code: 'event-store-full', done: 0 } });
  sending.request.destroy();
});

test('one event that trips over a defect is rejected, its neighbours are recorded', async () => {
  const journal = new ScriptedJournal();
  journal.before = (touchpoints) => {
    if (touchpoints.some(({ id }) => id === 'call-7')) throw new TypeError('a defect');
  };
  const { request, answer } = await send(journal);
  request.end(lines(Array.from({ length: 20 }, (_, number) => call(number))));
  expect((await answer).body).toMatchObject({
    accepted: 19,
    rejected: 1,
    rejections: [{ index: 7, id: 'call-7', code: 'internal' }],
  });
});

test('rejections beyond the limit are counted, not listed', async () => {
  const { request, answer } = await send(new ScriptedJournal());
  request.end(lines([...Array(3_000).fill('nonsense'), call(1)]));
  const { body } = await answer;
  expect(body).toMatchObject({ accepted: 1, rejected: 3_000 });
  expect(body.rejections).toHaveLength(1_000);
});

test('a shutdown half way is answered with how far it got', async () => {
  const journal = new ScriptedJournal();
  const { request, answer } = await send(journal, { limits: { maxGroupTouchpoints: 10 } });
  request.write(lines(Array.from({ length: 25 }, (_, number) => call(number))));
  await vi.waitFor(() => expect(journal.recorded.size).toBe(20));
  const closing = app.close();
  await vi.waitFor(() => expect(app.shutdown.aborted).toBe(true));
  request.write(lines([call(100)]));
  expect(await answer).toMatchObject({
    status: 503,
    body: { code: 'shutting-down', done: 20, summary: { accepted: 20 } },
  });
  request.destroy();
  await closing;
});

test('fifty megabytes on the single route are refused before they are read', async () => {
  const { request, answer } = await send(new ScriptedJournal(), { type: EVENT_TYPE, length: 50_000_000 });
  request.flushHeaders();
  expect(await answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  request.destroy();
});

test('fifty megabytes of unknown length are refused as soon as they are too many', async () => {
  const sending = await send(new ScriptedJournal(), { type: EVENT_TYPE });
  await write(sending, Array(500).fill('x'.repeat(100_000)));
  expect(await sending.answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  sending.request.destroy();
});
