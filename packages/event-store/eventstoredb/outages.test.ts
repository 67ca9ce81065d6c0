import { describe, expect, test } from 'vitest';
import { until } from '../../../test/support/until.ts';
import { anEvent, someEvents, toStream } from './testing/events.ts';
import { ScriptedScene } from './testing/scripted-scene.ts';

const away = { code: 'event-store-unavailable', isRetryable: true };

describe('a server that is away', () => {
  test('does not keep the log from being opened; the first use fails retryably, and later ones work', async () => {
    await using scene = await ScriptedScene.open();
    const { server, store } = scene;
    server.stop();
    await expect(store.append(toStream('a', anEvent()))).rejects.toMatchObject(away);
    await expect(store.head()).rejects.toMatchObject(away);
    await expect(store.readAll()).rejects.toMatchObject(away);
    await server.start();
    await until(
      () =>
        store.head().then(
          () => true,
          () => false,
        ),
      'the log can be read',
    );
    expect(await store.append(toStream('a', anEvent()))).toMatchObject({ ok: true });
  });

  test('fails what is under way; repeated, everything is stored once', async () => {
    await using scene = await ScriptedScene.open();
    const { server, store } = scene;
    const appends = someEvents(300).map((event, index) => toStream(`${index % 40}`, event));
    const call = store.appendMany(appends);
    const failed = expect(call).rejects.toMatchObject({ isRetryable: true });
    await until(() => server.calls.append > 20, 'some are stored');
    server.stop();
    await failed;
    await server.start();
    await until(
      () =>
        store.appendMany(appends).then(
          () => true,
          () => false,
        ),
      'all are stored',
    );
    const ids = (await scene.written()).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(appends.flatMap(({ events }) => events.map(({ id }) => id)).toSorted());
  });

  test('is not waited for by close', async () => {
    const scene = await ScriptedScene.open();
    scene.server.script = () => 'never-answered';
    const read = expect(scene.store.readAll()).rejects.toMatchObject({ code: 'event-store-closed' });
    await scene[Symbol.asyncDispose]();
    await read;
  });
});

describe('a server that does not answer', () => {
  test('fails an append at its deadline, and the next one to that stream is not held up', async () => {
    await using scene = await ScriptedScene.open({ maxAppendMs: 100 });
    const { server, store } = scene;
    server.script = (operation) => (operation === 'append' ? 'never-answered' : undefined);
    await expect(store.append(toStream('a', anEvent()))).rejects.toMatchObject(away);
    server.script = () => undefined;
    expect(await store.append(toStream('a', anEvent()))).toMatchObject({ ok: true });
  });

  test('fails a read at its deadline', async () => {
    await using scene = await ScriptedScene.open({ maxReadMs: 100 });
    scene.server.script = () => 'never-answered';
    for (const read of [scene.store.readAll(), scene.store.readStream('a'), scene.store.head()])
      await expect(read).rejects.toMatchObject(away);
  });

  test('fails what waits behind it as overloaded after a while, and refuses what finds no room', async () => {
    await using scene = await ScriptedScene.open({
      maxAppendsInFlight: 1,
      maxQueuedEvents: 2,
      maxQueueMs: 100,
      maxAppendMs: 1_000,
    });
    const { server, store } = scene;
    server.script = (operation) => (operation === 'append' ? 'never-answered' : undefined);
    const [first, second, third] = ['a', 'b', 'c'].map((name) => store.append(toStream(name, anEvent())));
    const fourth = store.append(toStream('d', anEvent()));
    const overloaded = { code: 'event-store-overloaded', isRetryable: true };
    await expect(fourth).rejects.toMatchObject(overloaded);
    await Promise.all([
      expect(first).rejects.toMatchObject(away),
      expect(second).rejects.toMatchObject(overloaded),
      expect(third).rejects.toMatchObject(overloaded),
    ]);
  });
});

test('an append that the server finds too large is refused for good', async () => {
  await using scene = await ScriptedScene.open();
  scene.server.refuseAppendsAs('maximum-append-size-exceeded', { 'maximum-append-size': '1048576' });
  await expect(scene.store.append(toStream('a', anEvent()))).rejects.toMatchObject({
    code: 'event-store-invalid-argument',
    message: expect.stringContaining('MaxAppendSize'),
  });
});
