import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { until } from '../../../test/support/until.ts';
import type { Position, RecordedEvent } from '../event-store.ts';
import { toServerEvent, toServerStream } from './event-codec.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { LogServer, ServerRecord } from './log-server.ts';
import { follow } from './subscription.ts';
import { anEvent, someEvents, toStream } from './testing/events.ts';
import { ScriptedScene } from './testing/scripted-scene.ts';

const QUICK = { resumePauseMs: 1, maxResumePauseMs: 20 };

describe('a subscription that ends is resumed from the last position, without gap or repeat', () => {
  test.each<[string, (scene: ScriptedScene) => Promise<void> | void]>([
    ['as if there were nothing more to come', ({ server }) => server.endSubscriptions()],
    ['because the node goes down', ({ server }) => server.endSubscriptions({ code: 14, details: 'away' })],
    ['because the server gives it up', ({ server }) => server.endSubscriptions({ code: 1, details: 'full' })],
    ['because it fails inside', ({ server }) => server.endSubscriptions({ code: 13, details: 'oops' })],
    [
      'because the server crashes',
      async ({ server }) => {
        server.stop();
        await server.start();
      },
    ],
  ])('%s', async (_, interrupt) => {
    await using scene = await ScriptedScene.open(QUICK);
    const follower = followed(scene);
    for (let round = 1; round <= 5; round += 1) {
      await appendPatiently(scene, 20);
      await until(() => follower.seen.length === 20 * round, 'everything has come');
      await interrupt(scene);
    }
    await appendPatiently(scene, 20);
    await until(() => follower.seen.length === 120, 'everything has come');
    follower.stop();
    await follower.ended;
    expect(follower.seen).toEqual(await scene.written());
    expect(scene.server.calls.subscribe).toBeGreaterThan(5);
  });

  test('in the middle of its catch-up', async () => {
    await using scene = await ScriptedScene.open(QUICK);
    for (let call = 0; call < 20; call += 1) await scene.store.append(toStream('a', ...someEvents(100)));
    const seen: RecordedEvent[] = [];
    for await (const batch of scene.store.subscribe({ maxBatchEvents: 100 })) {
      seen.push(...batch);
      if (seen.length >= 2_000) break;
      scene.server.endSubscriptions({ code: 14, details: 'away' });
    }
    expect(seen).toEqual(await scene.written());
    expect(scene.server.calls.subscribe).toBeGreaterThan(2);
  });

  test('when the server does not confirm it in time', async () => {
    await using scene = await ScriptedScene.open({ ...QUICK, maxConfirmMs: 50 });
    const { server } = scene;
    server.script = (operation) =>
      operation === 'subscribe' && server.calls.subscribe < 3 ? 'never-answered' : undefined;
    await scene.store.append(toStream('a', anEvent()));
    const follower = followed(scene);
    await until(() => follower.seen.length === 1, 'it has come');
    expect(server.calls.subscribe).toBe(3);
    follower.stop();
    await follower.ended;
  });
});

describe('a subscription fails', () => {
  test('at once with what waiting does not help', async () => {
    await using scene = await ScriptedScene.open(QUICK);
    scene.server.script = () => ({ code: 7, details: 'no access' });
    await expect(firstBatch(scene)).rejects.toMatchObject({
      code: 'event-store-read-only',
      isRetryable: false,
    });
    expect(scene.server.calls.subscribe).toBe(1);
  });

  test('retryably when the server stays away for longer than the limit', async () => {
    await using scene = await ScriptedScene.open({ ...QUICK, maxOutageMs: 200 });
    scene.server.stop();
    await expect(firstBatch(scene)).rejects.toMatchObject({
      code: 'event-store-unavailable',
      isRetryable: true,
    });
  });
});

test('it passes over what is not ours, and hears of nothing else while the log is quiet', async () => {
  await using scene = await ScriptedScene.open(QUICK);
  for (let i = 0; i < 50; i += 1) scene.server.log.writeForeignEvents();
  await scene.store.append(toStream('a', anEvent()));
  for (let i = 0; i < 50; i += 1) scene.server.log.writeForeignEvents();
  await scene.store.append(toStream('$a', { ...anEvent(), type: '$ours-all-the-same' }));
  const follower = followed(scene);
  await until(() => follower.seen.length === 2, 'both have come');
  follower.stop();
  await follower.ended;
  expect(follower.seen.map(({ stream }) => stream)).toEqual(['a', '$a']);
  expect(follower.seen).toEqual(await scene.written());
});

test('nothing is read ahead of the consumer beyond what the client may hold', async () => {
  let pulled = 0;
  const source = new Readable({
    objectMode: true,
    highWaterMark: 256,
    read: () => {
      pulled += 1;
      source.push(recordAt(pulled));
    },
  });
  const server = { subscribe: () => ({ records: source, stop: async () => {} }) };
  const end = new AbortController();
  const batches = follow(server as unknown as LogServer, {
    after: 0n,
    maxBatchEvents: 10,
    signal: end.signal,
    limits: DEFAULT_LIMITS,
  });
  queueMicrotask(() => source.emit('confirmation'));
  const { value } = await batches.next();
  expect(value?.length).toBeLessThanOrEqual(10);
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(pulled).toBeLessThanOrEqual(10 + 256 + 1);
  end.abort();
  await batches.return();
});

function recordAt(place: number): ServerRecord {
  const position = BigInt(place);
  const event = {
    ...toServerEvent(anEvent()),
    streamId: toServerStream('a'),
    revision: position,
    created: new Date(0),
    isJson: false,
    position: { commit: position },
  };
  return { event };
}

function followed({ store }: ScriptedScene, after: Position = 0n) {
  const seen: RecordedEvent[] = [];
  const stop = new AbortController();
  const follow = async () => {
    for await (const batch of store.subscribe({ after, signal: stop.signal })) seen.push(...batch);
  };
  return { seen, stop: () => stop.abort(), ended: follow() };
}

async function firstBatch({ store }: ScriptedScene): Promise<unknown> {
  return await store.subscribe()[Symbol.asyncIterator]().next();
}

/** As any caller does: repeats what failed retryably. */
async function appendPatiently({ store }: ScriptedScene, count: number): Promise<void> {
  const append = toStream('a', ...someEvents(count));
  await until(
    () =>
      store.append(append).then(
        ({ ok }) => ok,
        ({ isRetryable }) => !isRetryable,
      ),
    'the append is taken',
  );
}
