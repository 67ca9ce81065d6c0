import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

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
  'told to end %d ms after it listens, it ends in order and starts again',
  async (ms) => {
    const folder = await newFolder();
    const first = await start(folder);
    await delay(ms);
    await first.stop();
    expect(first.exitCode).toBe(0);
    expect(first.output).not.toMatch(/Error|\n {4}at /);
    const second = await start(folder);
    await until(async () => second.output.includes('Touchline is running'), 'the link is printed', 30_000);
    await second.stop();
  },
);
