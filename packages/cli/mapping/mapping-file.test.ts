import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMapping } from './mapping-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-mapping-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function messageFor(content: string): Promise<string> {
  const path = join(folder, 'mapping.json');
  await writeFile(path, content);
  return readMapping(path).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}

test('problems are listed with JSON pointers', async () => {
  const time = { column: 'at', format: 'yyyy-MM-dd', at: '25:00' };
  const event = { id: '{a}', source: '/s', type: 't', time, department: '', extra: 1 };
  const message = await messageFor(JSON.stringify({ event, group: { by: [] } }));
  expect(message).toContain('/event/time/at: must be a time of day such as 12:00');
  expect(message).toContain('/event: Unrecognized key: "extra"');
  expect(message).toContain('/group/by: ');
  expect(message).toContain('/event/department: ');
});

test('a constant time must have an offset', async () => {
  const event = { id: '{a}', source: '/s', type: 't', time: '2026-11-22', department: 'd' };
  expect(await messageFor(JSON.stringify({ event }))).toContain('/event/time: must be a time with offset');
  expect(await messageFor(JSON.stringify({ event: { ...event, time: '2026-11-22T00:00:00Z' } }))).toBe(
    'accepted',
  );
});

test('what is no JSON, or not there, is said plainly', async () => {
  expect(await messageFor('event: {}')).toMatch(/mapping\.json is not JSON: /);
  await expect(readMapping(join(folder, 'none.json'))).rejects.toThrow(/none\.json does not exist/);
});
