import { chmodSync } from 'node:fs';
import { describe, expect, type TestContext, test } from 'vitest';
import type { AppendResult } from '../event-store.ts';
import { toGroup } from './commit-group.ts';
import { openForWriting } from './connection.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends } from './fixtures/sample-appends.ts';
import { SmallDisk } from './fixtures/small-disk.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { LogWriter } from './log-writer.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const full = { code: 'event-store-full', isRetryable: true };

function groupOf(events: number) {
  return toGroup(0, sampleAppends(events, 500));
}

describe('a full disk', () => {
  test('a group for which there is no room leaves nothing, and the writer goes on when there is room', () => {
    using folder = new LogFolder();
    const db = openForWriting(folder.file);
    const writer = new LogWriter(db, DEFAULT_LIMITS);
    const count = db.prepare('SELECT count(*) FROM events').pluck();
    writer.commit(groupOf(50));
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages + 2}`);
    expect(() => writer.commit(groupOf(500))).toThrow('full');
    expect(count.get()).toBe(50);
    db.pragma('max_page_count = 100000');
    const { positions } = writer.commit(groupOf(3));
    expect(positions).toEqual([51, 52, 53]);
    db.close();
  });

  test('appends fail as retryable, what was acknowledged stays, and later appends succeed once there is room', async (context) => {
    using disk = mounted(context);
    const store = await openSqliteEventStore({ file: disk.file });
    const acknowledged: AppendResult[] = [];
    const fillUp = async () => {
      for (;;) acknowledged.push(...(await store.appendMany(sampleAppends(200, 500))));
    };
    await expect(fillUp()).rejects.toMatchObject(full);
    await expect(store.appendMany(sampleAppends(200, 500))).rejects.toMatchObject(full);
    expect(await store.head()).toBe(BigInt(acknowledged.length));
    disk.makeRoom();
    acknowledged.push(...(await store.appendMany(sampleAppends(200, 500))));
    expect(await store.readAll({ limit: 10_000 })).toHaveLength(acknowledged.length);
    await store.close();
    const again = await openSqliteEventStore({ file: disk.file });
    expect(await again.head()).toBe(BigInt(acknowledged.length));
    await again.close();
  });
});

describe('a folder that cannot be written', () => {
  test('is told as such, whether there is a log in it or not', async (context) => {
    const isRoot = process.getuid?.() === 0;
    using place = isRoot ? mounted(context) : new LogFolder();
    await openSqliteEventStore({ file: place.file }).then((store) => store.close());
    // Permissions do not bind root; a file system that is mounted for reading only does.
    if (place instanceof SmallDisk) place.makeReadOnly();
    else chmodSync(place.path, 0o500);
    for (const file of [place.file, `${place.file}-new`]) {
      const opening = openSqliteEventStore({ file });
      await expect(opening).rejects.toMatchObject({ code: 'event-store-read-only', isRetryable: false });
    }
    if (place instanceof LogFolder) chmodSync(place.path, 0o700);
  });
});

function mounted(context: TestContext): SmallDisk {
  const disk = SmallDisk.mount();
  if (disk instanceof SmallDisk) return disk;
  if (process.env.TOUCHLINE_TEST_REQUIRE?.includes('mount')) throw new Error(disk.missing);
  return context.skip(disk.missing);
}
