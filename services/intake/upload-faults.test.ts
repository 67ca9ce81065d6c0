import type { App } from '@touchline/service-kit';
import { afterEach, expect, test, vi } from 'vitest';
import type { IntakeLimits } from './limits.ts';
import { call, EVENT_TYPE, lines, startIntake } from './testing/intake-server.ts';
import { ScriptedJournal, StoreFailure } from './testing/scripted-journal.ts';
import { send, write } from './testing/upload-client.ts';

/** Longer than the default of a second: a busy machine is no failure. */
const PATIENTLY = { timeout: 10_000 };

let app: App;
afterEach(() => app.close());

async function start(journal: ScriptedJournal, limits: Partial<IntakeLimits> = {}): Promise<App> {
  app = await startIntake(journal, limits);
  return app;
}

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
  const sending = await send(await start(journal));
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
  const { request, answer } = await send(
    await start(journal, { maxGroupTouchpoints: 100, maxGroupsUnderWay: 2 }),
  );
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
  const first = await send(await start(journal, { maxGroupTouchpoints: 100 }));
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
  const second = await send(await start(journal));
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
  const sending = await send(await start(journal, { maxGroupTouchpoints: 10 }));
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
  const { request, answer } = await send(await start(journal));
  request.end(lines(Array.from({ length: 20 }, (_, number) => call(number))));
  expect((await answer).body).toMatchObject({
    accepted: 19,
    rejected: 1,
    rejections: [{ index: 7, id: 'call-7', code: 'internal' }],
  });
});

test('one event that cannot even be drafted is rejected in its place, its neighbours are recorded', async () => {
  const journal = new ScriptedJournal();
  const { draft } = journal;
  journal.draft = (parsed) => {
    if (parsed.touchpoint.id === 'call-7') throw new TypeError('a defect');
    return draft(parsed);
  };
  const { request, answer } = await send(await start(journal));
  const events = Array.from({ length: 20 }, (_, number) => (number === 9 ? 'nonsense' : call(number)));
  request.end(lines(events));
  expect((await answer).body).toMatchObject({
    accepted: 18,
    rejected: 2,
    rejections: [
      { index: 7, id: 'call-7', code: 'internal' },
      { index: 9, code: 'invalid-json' },
    ],
  });
});

test('rejections beyond the limit are counted, not listed', async () => {
  const { request, answer } = await send(await start(new ScriptedJournal()));
  request.end(lines([...Array(3_000).fill('nonsense'), call(1)]));
  const { body } = await answer;
  expect(body).toMatchObject({ accepted: 1, rejected: 3_000 });
  expect(body.rejections).toHaveLength(1_000);
});

test('a shutdown half way is answered with how far it got', async () => {
  const journal = new ScriptedJournal();
  const { request, answer } = await send(await start(journal, { maxGroupTouchpoints: 10 }));
  request.write(lines(Array.from({ length: 25 }, (_, number) => call(number))));
  await vi.waitFor(() => expect(journal.recorded.size).toBe(20), PATIENTLY);
  const closing = app.close();
  await vi.waitFor(() => expect(app.shutdown.aborted).toBe(true), PATIENTLY);
  request.write(lines([call(100)]));
  expect(await answer).toMatchObject({
    status: 503,
    body: { code: 'shutting-down', done: 20, summary: { accepted: 20 } },
  });
  request.destroy();
  await closing;
});

test('fifty megabytes on the single route are refused before they are read', async () => {
  const { request, answer } = await send(await start(new ScriptedJournal()), {
    type: EVENT_TYPE,
    length: 50_000_000,
  });
  request.flushHeaders();
  expect(await answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  request.destroy();
});

test('fifty megabytes of unknown length are refused as soon as they are too many', async () => {
  const sending = await send(await start(new ScriptedJournal()), { type: EVENT_TYPE });
  await write(sending, Array(500).fill('x'.repeat(100_000)));
  expect(await sending.answer).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  sending.request.destroy();
});
