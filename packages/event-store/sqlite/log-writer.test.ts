import { expect, test } from 'vitest';
import { toGroup } from './commit-group.ts';
import { openForWriting } from './connection.ts';
import { LogFolder } from './fixtures/log-folder.ts';
import { sampleAppends } from './fixtures/sample-appends.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { LogWriter } from './log-writer.ts';

function groupOf(events: number) {
  return toGroup(0, sampleAppends(events));
}

test('a group that breaks in the middle leaves nothing, and the next one starts from what is stored', () => {
  using folder = new LogFolder();
  const db = openForWriting(folder.file);
  const writer = new LogWriter(db, DEFAULT_LIMITS);
  expect(writer.commit(groupOf(4)).positions).toEqual([1, 2, 3, 4]);
  const broken = groupOf(10);
  broken.lengths.pop();
  expect(() => writer.commit(broken)).toThrow(RangeError);
  const stored = db.prepare('SELECT count(*) FROM events').pluck();
  expect(stored.get()).toBe(4);
  expect(writer.commit(groupOf(5))).toMatchObject({ positions: [5, 6, 7, 8, 9], versions: [1, 1, 1, 1, 0] });
  db.close();
});
