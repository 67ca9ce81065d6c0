import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedServer } from '@touchline/event-store/eventstoredb/testing';
import { expect, test } from 'vitest';
import { openBacking } from './compose.ts';

const touchpoint = {
  source: '/test',
  id: 'one',
  type: 'touchline.note.added.v1',
  time: '2026-03-01T10:00:00+08:00',
  department: 'service',
  subject: 'account:shop:1',
  data: { text: 'hello' },
};

/** A data folder, and a log in a scripted EventStoreDB. */
class Place implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly dataFolder = mkdtempSync(join(tmpdir(), 'touchline-backing-'));

  private constructor(server: ScriptedServer) {
    this.server = server;
  }

  static async make(): Promise<Place> {
    return new Place(await ScriptedServer.start());
  }

  open(dataFolder = this.dataFolder) {
    return openBacking({ dataFolder, eventStore: this.server.url });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.stop();
    rmSync(this.dataFolder, { recursive: true, force: true });
  }
}

test('a log in an EventStoreDB has no folder, and no size on this disk', async () => {
  await using place = await Place.make();
  const backing = await place.open();
  const [outcome] = await backing.journal.record([touchpoint as never]);
  expect(outcome).toMatchObject({ ok: true, duplicate: false });
  expect((await backing.fileSizes()).map(({ part }) => part)).toEqual(['keys', 'read-models']);
  await backing.close();
  expect(existsSync(join(place.dataFolder, 'log'))).toBe(false);
});

test('who has keys starts while it is away', async () => {
  await using place = await Place.make();
  await (await place.open()).close();
  place.server.stop();
  const backing = await place.open();
  await expect(backing.eventStore.head()).rejects.toMatchObject({ code: 'event-store-unavailable' });
  await backing.close();
});

test('who has no keys makes none beside a log that was written with others, nor one that cannot be asked', async () => {
  await using place = await Place.make();
  const first = await place.open();
  await first.journal.record([touchpoint as never]);
  await first.close();
  const elsewhere = join(place.dataFolder, 'elsewhere');
  await expect(place.open(elsewhere)).rejects.toMatchObject({ code: 'vault-missing' });
  place.server.stop();
  await expect(place.open(elsewhere)).rejects.toMatchObject({ code: 'event-store-unavailable' });
  expect(existsSync(join(elsewhere, 'keys', 'keys.sqlite'))).toBe(false);
});
