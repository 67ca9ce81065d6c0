import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seededRandom } from '../support/seeded-random.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

const ROUNDS = Number(process.env.TOUCHLINE_CHAOS_STARTS ?? 6);
const MAX_KILLS = 3;
const MAX_WAIT_MS = 60_000;
const TIMELINE = '/v1/readmodels/timeline';

const seed = Number(process.env.TOUCHLINE_TEST_SEED ?? randomInt(2 ** 31));

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-first-start-'));
  folders.push(folder);
  return folder;
}

const environment = { TOUCHLINE_SAMPLE: 'on' };

async function running(dataFolder: string): Promise<TouchlineProcess> {
  const touchline = await TouchlineProcess.start({ dataFolder, environment });
  await until(async () => touchline.output.includes('Touchline is running'), 'it runs', MAX_WAIT_MS);
  return touchline;
}

/** Keys, token, log, read model, sample: whatever was half made by then is made by the next start. */
test(`a first start that is killed at any moment leaves nothing that keeps the next from running (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const from = performance.now();
  await (await running(await newFolder())).stop();
  const usualMs = performance.now() - from;
  for (let round = 0; round < ROUNDS; round++) {
    const dataFolder = await newFolder();
    const kills = 1 + Math.floor(random() * MAX_KILLS);
    for (let kill = 0; kill < kills; kill++)
      await TouchlineProcess.cutOff({ dataFolder, environment }, random() * usualMs);
    const touchline = await running(dataFolder);
    expect(await touchline.json('/v1/status')).toMatchObject({ touchpoints: '3000' });
    expect(await touchline.json('/v1/customers?recent=3')).toMatchObject({ items: Array(3).fill({}) });
    await rebuilt(touchline);
    await touchline.stop();
    expect(touchline.exitCode).toBe(0);
  }
}, 600_000);

/** Looks into every generation there is, and builds one more. */
async function rebuilt(touchline: TouchlineProcess): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ reason: 'after a crash', promote: 'auto' });
  const { job } = await touchline.json<{ job: string }>(`${TIMELINE}/rebuilds`, {
    method: 'POST',
    headers,
    body,
  });
  const state = async () => (await touchline.json<{ state: string }>(`${TIMELINE}/rebuilds/${job}`)).state;
  const isOver = async () => ['promoted', 'failed', 'differs', 'cancelled'].includes(await state());
  await until(isOver, 'the rebuild is over', MAX_WAIT_MS);
  expect(await state()).toBe('promoted');
}
