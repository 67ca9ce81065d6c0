import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generateSample } from '../sample/index.ts';
import { FakeIntake, TOKEN } from '../testing/fake-intake.ts';
import { type Ended, runTouchline, startTouchline } from '../testing/run-touchline.ts';
import { EXIT_CODES } from './command-error.ts';

const SMALL = ['--customers', '20', '--events', '200', '--seed', '3'];
const EXPECTED = [...generateSample({ customers: 20, events: 200, seed: 3 })].map((event) =>
  JSON.stringify(event),
);

let intake: FakeIntake;
let folder: string;

beforeEach(async () => {
  intake = await FakeIntake.start();
  folder = await mkdtemp(join(tmpdir(), 'touchline-sample-test-'));
});
afterEach(async () => {
  await intake.stop();
  await rm(folder, { recursive: true });
});

function run(args: readonly string[], stop?: AbortSignal): Promise<Ended> {
  return runTouchline(['sample', ...args], { TOUCHLINE_URL: intake.url, TOUCHLINE_TOKEN: TOKEN }, stop);
}

test('the same options write the same bytes', async () => {
  const [first, second] = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')];
  const ended = await run([...SMALL, '--out', first, '--json']);
  expect(JSON.parse(ended.stdout)).toEqual({ events: EXPECTED.length, out: first, rejected: 0 });
  await run([...SMALL, '--out', second]);
  expect(await readFile(first, 'utf8')).toBe(`${EXPECTED.join('\n')}\n`);
  expect(await readFile(second)).toEqual(await readFile(first));
});

test('it is sent to a Touchline, repeats and all', async () => {
  const ended = await run([...SMALL, '--json']);
  expect(ended.code).toBe(EXIT_CODES.done);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    accepted: 200,
    duplicates: EXPECTED.length - 200,
    rejected: 0,
  });
  expect(intake.events.size).toBe(200);
});

test('it goes to the standard output, whose reader may leave early', async () => {
  const all = await startTouchline(['sample', ...SMALL, '--out', '-'], {}).ended;
  expect(all).toEqual({ code: EXIT_CODES.done, stdout: `${EXPECTED.join('\n')}\n`, stderr: '' });
  const left = startTouchline(['sample', '--events', '20000', '--customers', '4000', '--out', '-'], {});
  left.child.stdout?.once('data', () => left.child.stdout?.destroy());
  expect(await left.ended).toMatchObject({ code: EXIT_CODES.done, stderr: '' });
});

test('when stopped it says what was done', async () => {
  const stop = new AbortController();
  intake.beforeAnswer = () => stop.abort();
  const args = ['--customers', '50', '--events', '5000', '--concurrency', '1', '--json'];
  const ended = await run(args, stop.signal);
  expect(ended.code).toBe(EXIT_CODES.interrupted);
  expect(JSON.parse(ended.stdout).accepted).toBe(intake.events.size);
  expect(intake.events.size).toBeLessThan(5_000);
});

test.each([
  [['--until', 'soon'], 'until must be a time'],
  [['--customers', '0'], '--customers takes a whole number of at least 1'],
  [['--customers', '1', '--events', '10001'], 'events must be at most 10000 for each customer'],
  [['--out', 'x', '--url', 'http://127.0.0.1:1'], 'choose one'],
])('%j is refused', async (args, expected) => {
  expect(await run(args)).toMatchObject({
    code: EXIT_CODES.usage,
    stderr: expect.stringContaining(expected),
  });
});

test('without a Touchline it fails at once', async () => {
  await intake.stop();
  expect(await run(SMALL)).toMatchObject({
    code: EXIT_CODES.failed,
    stderr: expect.stringContaining('is Touchline running?'),
  });
  intake = await FakeIntake.start();
});
