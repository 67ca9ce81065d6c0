import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectProblem } from '../support/problem.ts';
import { note } from '../support/sample-events.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';
import { type Summary, upload } from '../support/upload.ts';

const CUSTOMERS = 10;
const EVENTS = 300;
const LOG_PAGE_BYTES = 4_096;
const READ_MODEL_PAGE_BYTES = 8_192;
/** More than reads run at once: what is lost with each of them would show. */
const READS = 20;

let folders: string;
let original: string;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'touchline-damage-'));
  original = join(folders, 'original');
  const first = await start(original);
  await upload(
    first,
    Array.from({ length: EVENTS }, (_, at) => event(at)),
  );
  await until(async () => (await found(first)) === 'found', 'what was recorded can be found');
  await first.stop();
});
afterAll(() => rm(folders, { recursive: true, force: true }));

const running: TouchlineProcess[] = [];
afterEach(() => Promise.all(running.splice(0).map((touchline) => touchline.stop())));

async function start(dataFolder: string): Promise<TouchlineProcess> {
  const touchline = await TouchlineProcess.start({ dataFolder });
  running.push(touchline);
  return touchline;
}

async function copy(): Promise<string> {
  const folder = await mkdtemp(join(folders, 'copy-'));
  await cp(original, folder, { recursive: true });
  return folder;
}

const event = (at: number): string =>
  JSON.stringify(
    note(`d${at}`, {
      subject: `account:damage:${at % CUSTOMERS}`,
      data: { description: `number ${at} `.repeat(20) },
    }),
  );

/** Puts garbage in the place of some bytes, never of the first page, which says what kind of file it is; by default of all that follow. */
async function damage(file: string, from: number, bytes?: number): Promise<void> {
  const handle = await open(file, 'r+');
  const length = bytes ?? (await handle.stat()).size - from;
  await handle.write(randomBytes(length), 0, length, from);
  await handle.close();
}

const found = async (touchline: TouchlineProcess): Promise<string> => {
  const answer = await touchline.fetch('/v1/search?q=number');
  const { entries, code } = (await answer.json()) as { entries?: unknown[]; code?: string };
  return code ?? (entries?.length === 0 ? 'nothing' : 'found');
};

test('a read model that is damaged fails each read at once and no write, and is built anew when it is deleted', async () => {
  const folder = await copy();
  await damage(join(folder, 'read-models', 'timeline', 'generation-1.sqlite'), READ_MODEL_PAGE_BYTES);
  const touchline = await start(folder);
  for (let read = 0; read < READS; read++)
    await expectProblem(await touchline.fetch('/v1/search?q=number'), 'read-store-corrupt');
  const ready = await expectProblem(await touchline.fetch('/health/ready'), 'not-ready');
  expect(ready.checks).toContainEqual({ name: 'timeline', ok: false, code: 'read-store-corrupt' });
  expect((await touchline.post(note('meanwhile'))).status).toBe(201);
  await touchline.stop();
  await rm(join(folder, 'read-models'), { recursive: true });
  const again = await start(folder);
  await until(async () => (await found(again)) === 'found', 'the read model is built anew');
});

test('a log that is damaged takes no writes, while what was folded before can be read', async () => {
  const folder = await copy();
  await damage(join(folder, 'log', 'events.sqlite'), 3 * LOG_PAGE_BYTES, 8 * LOG_PAGE_BYTES);
  const touchline = await start(folder);
  for (const event of [note('new'), note('d1')])
    await expectProblem(await touchline.post(event), 'event-store-corrupt');
  expect(await found(touchline)).toBe('found');
  const ready = await expectProblem(await touchline.fetch('/health/ready'), 'not-ready');
  expect(ready.checks).toContainEqual({ name: 'log', ok: false, code: 'event-store-corrupt' });
});

test('a damaged key is a matter of its customer alone', async () => {
  const folder = await copy();
  const keys = new Database(join(folder, 'keys', 'keys.sqlite'));
  keys.prepare('UPDATE keys SET wrapped = zeroblob(72) WHERE number = 3').run();
  keys.close();
  const touchline = await start(folder);
  const lines = Array.from({ length: 2 * CUSTOMERS }, (_, at) => event(EVENTS + at));
  const summary = (await (await upload(touchline, lines)).json()) as Summary;
  expect([summary.accepted, summary.rejected]).toEqual([2 * CUSTOMERS - 2, 2]);
  expect(summary.rejections.map(({ code }) => code)).toEqual(['internal', 'internal']);
  const posted = Array.from({ length: CUSTOMERS }, (_, at) =>
    touchline.post(JSON.parse(event(2 * EVENTS + at)) as object),
  );
  const statuses = (await Promise.all(posted)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([...Array(CUSTOMERS - 1).fill(201), 500]);
});
