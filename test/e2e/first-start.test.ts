import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { generateSample } from '@touchline/cli/sample';
import { afterAll, expect, test } from 'vitest';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

/** What a first start loads. */
const SAMPLE = { customers: 200, events: 3_000, seed: 1 };

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function start(dataFolder: string): Promise<TouchlineProcess> {
  return TouchlineProcess.start({ dataFolder, environment: { TOUCHLINE_SAMPLE: 'on' } });
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-first-start-'));
  folders.push(folder);
  return folder;
}

test('the first page of a newcomer is alive, and the sample is loaded once', async () => {
  const folder = await newFolder();
  const first = await start(folder);
  await until(async () => first.output.includes('Touchline is running'), 'the link is printed', 30_000);
  const count = Number(/Sample\s+(\d+) touchpoints/.exec(first.output)?.[1]);
  expect(count).toBeGreaterThan(2_000);
  const { items } = await first.json<{ items: object[] }>('/v1/customers?recent=10');
  expect(items).toHaveLength(10);
  await first.stop();
  const second = await start(folder);
  await until(async () => second.output.includes('Touchline is running'), 'the link is printed', 30_000);
  expect(second.output).not.toContain('Sample');
  await second.stop();
});

test.each([0, 50, 200, 500])(
  'told to end %d ms after it listens, it ends in order, and the next start loads what is missing of the sample',
  async (ms) => {
    const folder = await newFolder();
    const first = await start(folder);
    await delay(ms);
    await first.stop();
    expect(first.exitCode).toBe(0);
    expect(first.output).not.toMatch(/Error|\n {4}at /);
    const second = await start(folder);
    await until(async () => second.output.includes('Touchline is running'), 'the link is printed', 30_000);
    expect(await second.json('/v1/status')).toMatchObject({ touchpoints: '3000' });
    await second.stop();
  },
);

test('a log that holds the beginning of the sample gets the rest, unless there is anything else in it', async () => {
  const folder = await newFolder();
  const beginning = [...generateSample(SAMPLE)].slice(0, 100);
  const own = { ...beginning[0], id: 'own' };
  expect(await started(folder, beginning)).toBe(3_000);
  expect(await started(folder, [own])).toBe(3_001);
  expect(await started(await newFolder(), [...beginning, own])).toBe(101);
});

/** Records touchpoints where no sample is wanted, and answers how many there are after a start where one is. */
async function started(dataFolder: string, events: readonly object[]): Promise<number> {
  const without = await TouchlineProcess.start({ dataFolder });
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  const body = JSON.stringify(events);
  const answer = await without.json('/v1/events', { method: 'POST', headers, body });
  expect(answer).toMatchObject({ rejected: 0 });
  await without.stop();
  const touchline = await start(dataFolder);
  await until(async () => touchline.output.includes('Touchline is running'), 'the link is printed', 30_000);
  const { touchpoints } = await touchline.json<{ touchpoints: string }>('/v1/status');
  await touchline.stop();
  return Number(touchpoints);
}
