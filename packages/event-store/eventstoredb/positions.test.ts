import { describe, expect, test } from 'vitest';
import { someEvents, toStream } from './testing/events.ts';
import { ScriptedScene } from './testing/scripted-scene.ts';

const refusals = [
  ['UNKNOWN', { code: 2, details: 'Invalid position.' }],
  ['INVALID_ARGUMENT', { code: 3, details: 'Trying to read from an invalid position.' }],
] as const;

describe.each(refusals)('a server that reads from records only and says %s otherwise', (_, refusal) => {
  const onLog = async (test: (scene: ScriptedScene, positions: readonly bigint[]) => Promise<void>) => {
    await using scene = await ScriptedScene.open();
    await scene.store.appendMany(someEvents(5).map((event, at) => toStream(`${at}`, event)));
    const written = await scene.written();
    scene.server.refusesPositionsAs = refusal;
    await test(
      scene,
      written.map(({ position }) => position),
    );
  };

  test('a position that no event has is refused as such, and not to be tried again', () =>
    onLog(async ({ store }, [first = 0n]) => {
      await expect(store.readAll({ after: first + 1n })).rejects.toMatchObject({
        code: 'event-store-position-unknown',
        isRetryable: false,
      });
    }));

  test('positions of events are read from', () =>
    onLog(async ({ store }, positions) => {
      for (const [at, after] of positions.entries()) {
        const rest = (await store.readAll({ after })).map(({ position }) => position);
        expect(rest).toEqual(positions.slice(at + 1));
      }
      expect(await store.readAll()).toHaveLength(positions.length);
    }));

  test('nothing is behind the end', () =>
    onLog(async ({ store }, positions) => {
      const head = positions.at(-1) ?? 0n;
      expect(await store.readAll({ after: head + 1_000_000n })).toEqual([]);
      expect(await store.readAll({ after: 9_999_999_999_999_999_999n })).toEqual([]);
    }));
});

test('a read that fails for another reason, and works again, is answered', async () => {
  await using scene = await ScriptedScene.open();
  await scene.store.appendMany(someEvents(3).map((event, at) => toStream(`${at}`, event)));
  const [first] = await scene.written();
  let failures = 0;
  scene.server.script = () => (failures++ === 0 ? { code: 2, details: 'a moment' } : undefined);
  expect(await scene.store.readAll({ after: first?.position ?? 0n })).toHaveLength(2);
  scene.server.script = () => ({ code: 2, details: 'for good' });
  await expect(scene.store.readAll({ after: first?.position ?? 0n })).rejects.toMatchObject({
    code: 'event-store-unavailable',
  });
});
