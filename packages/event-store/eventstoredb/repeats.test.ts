import { describe, expect, test } from 'vitest';
import type { AppendResult } from '../event-store.ts';
import { openEventStoreDbEventStore } from './event-store-db-event-store.ts';
import { anEvent, someEvents, toStream } from './testing/events.ts';
import { ScriptedScene } from './testing/scripted-scene.ts';

const receipts = (result: AppendResult) => (result.ok ? result.receipts : []);

describe('under any expectation, an id is recognised within its stream', () => {
  test('a repeat answers the first receipt and stores nothing, by this process or another', async () => {
    await using scene = await ScriptedScene.open();
    await using other = await anotherStore(scene);
    const events = someEvents(3);
    const first = receipts(await scene.store.append(toStream('a', ...events)));
    await scene.store.append(toStream('a', ...someEvents(5)));
    const repeated = first.map((receipt) => ({ ...receipt, duplicate: true }));
    for (const store of [scene.store, other.store])
      expect(receipts(await store.append(toStream('a', ...events)))).toEqual(repeated);
    expect(await scene.written()).toHaveLength(8);
  });

  test('of an append that is repeated in part, only the new events are stored', async () => {
    await using scene = await ScriptedScene.open();
    const [a, b, c] = [anEvent('a'), anEvent('b'), anEvent('c')];
    await scene.store.append(toStream('a', a, b));
    const mixed = receipts(await scene.store.append(toStream('a', c, b, c)));
    expect(mixed.map(({ version, duplicate }) => [version, duplicate])).toEqual([
      [2, false],
      [1, true],
      [2, true],
    ]);
    expect((await scene.written()).map(({ id }) => id)).toEqual([a.id, b.id, c.id]);
  });

  test('an id with other content is rejected, before the expected revision is looked at', async () => {
    await using scene = await ScriptedScene.open();
    const event = anEvent();
    await scene.store.append(toStream('a', event));
    const altered = { ...event, fingerprint: 'other' };
    const append = { ...toStream('a', anEvent(), altered), expected: 'no-stream' } as const;
    expect(await scene.store.append(append)).toEqual({ ok: false, code: 'event-id-reused', id: event.id });
    expect(await scene.written()).toHaveLength(1);
  });

  test('what two processes append at once is stored once, and all learn where', async () => {
    await using scene = await ScriptedScene.open();
    await using other = await anotherStore(scene);
    const events = someEvents(20);
    const calls = events.flatMap((event) =>
      [scene.store, other.store, scene.store, other.store].map((store) => store.append(toStream('a', event))),
    );
    const answered = (await Promise.all(calls)).flatMap(receipts);
    const written = await scene.written();
    expect(written).toHaveLength(20);
    expect(new Set(answered.filter(({ duplicate }) => !duplicate).map(({ id }) => id)).size).toBe(20);
    const positions = new Map(written.map(({ id, position }) => [id, position]));
    for (const { id, position } of answered) expect(position).toBe(positions.get(id));
  });

  test('of two contents that two processes append under one id at once, one is stored and the other rejected', async () => {
    await using scene = await ScriptedScene.open();
    await using other = await anotherStore(scene);
    for (const event of someEvents(20)) {
      const results = await Promise.all([
        scene.store.append(toStream('a', event)),
        other.store.append(toStream('a', { ...event, fingerprint: 'other' })),
      ]);
      expect(results.map((result) => (result.ok ? 'stored' : result.code)).toSorted()).toEqual([
        'event-id-reused',
        'stored',
      ]);
    }
    expect(await scene.written()).toHaveLength(20);
  });

  test('an append whose answer is lost is found when it is repeated', async () => {
    await using scene = await ScriptedScene.open();
    const event = anEvent();
    scene.server.loseNextAnswer();
    await expect(scene.store.append(toStream('a', event))).rejects.toMatchObject({ isRetryable: true });
    const [receipt] = receipts(await scene.store.append(toStream('a', event)));
    expect(receipt?.duplicate).toBe(true);
    expect(await scene.written()).toHaveLength(1);
  });

  test('its place is told even where the server tells no position', async () => {
    await using scene = await ScriptedScene.open();
    scene.server.tellsPositions = false;
    const [receipt] = receipts(await scene.store.append(toStream('a', anEvent())));
    expect(receipt?.position).toBe((await scene.written())[0]?.position);
  });
});

describe('what is not promised', () => {
  test('an id is not looked for further back than the limit says', async () => {
    await using scene = await ScriptedScene.open({ maxScannedEvents: 10, maxRememberedEvents: 1 });
    const event = anEvent();
    await scene.store.append(toStream('a', event, ...someEvents(9)));
    const repeat = () => scene.store.append(toStream('a', event));
    expect(receipts(await repeat())[0]?.duplicate).toBe(true);
    await scene.store.append(toStream('a', anEvent()));
    expect(receipts(await repeat())[0]?.duplicate).toBe(false);
  });

  test('an id is not looked for in other streams', async () => {
    await using scene = await ScriptedScene.open();
    const event = anEvent();
    await scene.store.append(toStream('a', event));
    expect(receipts(await scene.store.append(toStream('b', event)))[0]?.duplicate).toBe(false);
  });
});

test('a stream that was written lately is not looked through again', async () => {
  await using scene = await ScriptedScene.open();
  for (const event of someEvents(5)) await scene.store.append(toStream('a', event));
  expect(scene.server.calls).toMatchObject({ append: 5, read: 1 });
});

test('a server that was set back is noticed: appends go on where its streams end', async () => {
  await using scene = await ScriptedScene.open();
  await scene.store.append(toStream('a', ...someEvents(3)));
  await scene.store.head();
  scene.server.setBack();
  const [receipt] = receipts(await scene.store.append(toStream('a', anEvent())));
  expect(receipt).toMatchObject({ version: 0, duplicate: false });
  expect(await scene.store.head()).toBe(receipt?.position);
});

async function anotherStore(scene: ScriptedScene) {
  // Another address of the same server: a client, a connection and a memory of its own.
  const store = openEventStoreDbEventStore({ url: `${scene.server.url}&connectionName=other` });
  return { store, [Symbol.asyncDispose]: () => store.close() };
}
