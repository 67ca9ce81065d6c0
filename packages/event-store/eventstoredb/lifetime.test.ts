import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openEventStoreDbEventStore } from './event-store-db-event-store.ts';
import { borrowClient } from './shared-clients.ts';
import { anEvent, toStream } from './testing/events.ts';
import { ScriptedScene } from './testing/scripted-scene.ts';

test('whoever opens the same address shares one client, which the last one closes', async () => {
  const url = 'esdb://127.0.0.1:1?tls=false';
  const [one, two] = [borrowClient(url), borrowClient(url)];
  expect(two.client).toBe(one.client);
  await one.giveBack();
  const three = borrowClient(url);
  expect(three.client).toBe(two.client);
  await two.giveBack();
  await three.giveBack();
  const four = borrowClient(url);
  expect(four.client).not.toBe(one.client);
  await four.giveBack();
});

test('a store that is closed takes nothing from another on the same address', async () => {
  await using scene = await ScriptedScene.open();
  const other = openEventStoreDbEventStore({ url: scene.server.url });
  const next = scene.store.subscribe()[Symbol.asyncIterator]().next();
  await other.append(toStream('a', anEvent()));
  await other.close();
  expect((await next).value).toHaveLength(1);
  expect(await scene.store.append(toStream('a', anEvent()))).toMatchObject({ ok: true });
});

test('an address or a certificate that cannot be used is refused when the log is opened', () => {
  for (const url of ['esdb://admin:s3cret@', 'esdb://one?tlsCAFile=/nowhere/ca.pem'])
    expect(() => openEventStoreDbEventStore({ url })).toThrow(
      expect.objectContaining({ code: 'event-store-invalid-argument' }),
    );
});

test('a process ends by itself once its log is closed', async () => {
  await using scene = await ScriptedScene.open();
  const opener = new URL('./testing/opener.ts', import.meta.url).href;
  const script = `
    const { openEventStore } = await import(${JSON.stringify(opener)});
    const store = await openEventStore(process.argv[1]);
    const waiting = store.subscribe()[Symbol.asyncIterator]().next().catch((error) => error.code);
    const failed = await store.head().catch((error) => error.code);
    await store.close();
    process.stdout.write(failed + ' ' + (await waiting));
  `;
  // Nobody listens there: the client looks for a server until it is closed.
  scene.server.stop();
  const args = ['--input-type=module', '--eval', script, scene.server.url];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 });
  expect([stdout, stderr, status]).toEqual(['event-store-unavailable event-store-closed', '', 0]);
});
