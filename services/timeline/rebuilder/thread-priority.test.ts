import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const SUBJECT = new URL('./thread-priority.ts', import.meta.url).href;
const LOWERING = `
  const { parentPort, Worker, workerData } = require('node:worker_threads');
  import(workerData).then(({ letOthersGoFirst }) => {
    letOthersGoFirst();
    const waits = 'require("node:worker_threads").parentPort.once("message", () => {})';
    const inner = new Worker(waits, { eval: true });
    inner.once('online', () => parentPort.postMessage('ready'));
    parentPort.once('message', () => inner.postMessage('end'));
  });`;

const usual = process.platform === 'linux' ? Math.max(...niceValues()) : undefined;

if (usual === undefined)
  test.skip(`a thread lets others go first: threads have no priority of their own on ${process.platform}`, () => {});
else
  test('a thread lets others go first, with those it starts, and the rest of the process stays as it was', async () => {
    const worker = new Worker(LOWERING, { eval: true, workerData: SUBJECT });
    await once(worker, 'message');
    const lowered = niceValues().filter((nice) => nice > usual);
    worker.postMessage('end');
    await once(worker, 'exit');
    expect(lowered.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...niceValues())).toBe(usual);
  });

/** Of all threads of this process. */
function niceValues(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}
