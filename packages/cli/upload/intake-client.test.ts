import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeIntake, TOKEN } from '../testing/fake-intake.ts';
import { IntakeClient, type IntakeOptions } from './intake-client.ts';

const NEVER = new AbortController().signal;
const EVENT = {
  specversion: '1.0',
  id: '1',
  source: '/till',
  type: 'touchline.note.added.v1',
  time: '2026-11-22T09:30:00+08:00',
  department: 'service',
  subject: 'account:shop:1',
  data: {},
};
const BODY = Buffer.from(`${JSON.stringify(EVENT)}\n`);
let intake: FakeIntake;

beforeEach(async () => {
  intake = await FakeIntake.start();
});
afterEach(() => intake.stop());

function client(options: Partial<IntakeOptions> = {}, token: string | undefined = TOKEN): IntakeClient {
  const retry = { maxAttempts: 4, firstWaitMs: 1, maxWaitMs: 4 };
  return new IntakeClient({ url: intake.url, token }, { retry, ...options });
}

test('answers the summary; sent again, it is a duplicate', async () => {
  const first = {
    ok: true,
    summary: { accepted: 1, duplicates: 0, rejected: 0, position: '1', rejections: [] },
  };
  expect(await client().send(BODY, NEVER)).toEqual(first);
  expect(await client().send(BODY, NEVER)).toMatchObject({ summary: { accepted: 0, duplicates: 1 } });
});

test('repeats with growing waits when the door is full, out of order, or the connection is lost', async () => {
  const waits: [string, number][] = [];
  intake.mishaps.push({ status: 429 }, { kind: 'disconnect' }, { status: 503, detail: 'Shutting down.' });
  const outcome = await client({ onRetry: (reason, waitMs) => waits.push([reason, waitMs]) }).send(
    BODY,
    NEVER,
  );
  expect(outcome).toMatchObject({ ok: true });
  expect(waits).toEqual([
    [`${intake.url} answered 429`, 1],
    [expect.stringMatching(/^the connection to http.* failed/), 2],
    [`${intake.url} answered 503: Shutting down.`, 4],
  ]);
});

test('waits as long as it is told to', async () => {
  const waits: number[] = [];
  const stop = new AbortController();
  intake.mishaps.push({ status: 429, retryAfterSeconds: 30 });
  const onRetry = (_: string, waitMs: number): void => {
    waits.push(waitMs);
    stop.abort();
  };
  await expect(client({ onRetry }).send(BODY, stop.signal)).rejects.toMatchObject({ ending: 'interrupted' });
  expect(waits).toEqual([30_000]);
});

test('gives up after a number of attempts, and says why', async () => {
  intake.mishaps.push(...Array.from({ length: 4 }, () => ({ status: 500, detail: 'disk full' })));
  const failure = {
    ending: 'failed',
    message: `Gave up after 4 attempts: ${intake.url} answered 500: disk full`,
  };
  await expect(client().send(BODY, NEVER)).rejects.toMatchObject(failure);
});

test('does not repeat what no repeating helps', async () => {
  await expect(client({}, 'wrong').send(BODY, NEVER)).rejects.toThrow(
    /answered 401: A token is needed\.\nGive a token/,
  );
  intake.mishaps.push({ status: 404 });
  await expect(client().send(BODY, NEVER)).rejects.toThrow(/answered 404/);
  expect(intake.requests).toEqual([]);
});

test('says when nothing answers', async () => {
  const { url } = intake;
  await intake.stop();
  const gone = new IntakeClient(
    { url, token: TOKEN },
    { retry: { maxAttempts: 1, firstWaitMs: 1, maxWaitMs: 1 } },
  );
  await expect(gone.send(BODY, NEVER)).rejects.toThrow(`nothing answers at ${url} (is Touchline running?`);
  intake = await FakeIntake.start();
});

test('a body that is too large is for the sender to cut', async () => {
  intake.maxBodyBytes = 10;
  expect(await client().send(BODY, NEVER)).toEqual({ ok: false, code: 'too-large' });
});

test('checks without recording when asked to', async () => {
  expect(await client({ validateOnly: true }).send(BODY, NEVER)).toMatchObject({ summary: { accepted: 1 } });
  expect(intake.events.size).toBe(0);
});
