import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeIntake, TOKEN } from '../testing/fake-intake.ts';
import { type Ended, runTouchline, startTouchline } from '../testing/run-touchline.ts';
import { EXIT_CODES } from './command-error.ts';

const MAPPING = {
  group: { by: ['order'] },
  event: {
    id: '{order}',
    source: '/till',
    type: 'touchline.order.placed.v1',
    time: { column: 'at', format: 'yyyy-MM-dd HH:mm', zone: 'Asia/Shanghai' },
    department: 'sales',
    subject: 'account:shop:{who}',
    data: {
      order: '{order}',
      amount: { amount: { $sum: '{value}', scale: 2 }, currency: 'CNY' },
      items: { $each: { name: '{what}' } },
    },
  },
};

let intake: FakeIntake;
let folder: string;

beforeEach(async () => {
  intake = await FakeIntake.start();
  folder = await mkdtemp(join(tmpdir(), 'touchline-import-test-'));
});
afterEach(async () => {
  await intake.stop();
  await rm(folder, { recursive: true });
});

function environment(): Record<string, string> {
  return { TOUCHLINE_URL: intake.url, TOUCHLINE_TOKEN: TOKEN, TOUCHLINE_DATA: join(folder, 'data') };
}

function run(...args: readonly string[]): Promise<Ended> {
  return runTouchline(['import', ...args], environment());
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function noteLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      specversion: '1.0',
      id: String(index + 1),
      source: '/desk',
      type: 'touchline.note.added.v1',
      time: '2026-11-20T09:30:00+08:00',
      department: 'service',
      subject: `account:shop:${index % 50}`,
      data: { text: '下午联系' },
    }),
  );
}

test('NDJSON is imported as it is; the second time it is all duplicates', async () => {
  const lines = noteLines(2_500);
  const path = await file('events.ndjson', `${lines.join('\n')}\n`);
  const first = await run(path);
  expect(first).toMatchObject({
    code: EXIT_CODES.done,
    stdout: expect.stringContaining(': 2,500 recorded, 0 there already, 0 rejected'),
  });
  expect([...intake.events.values()]).toEqual(expect.arrayContaining(lines));
  const second = await run(path, '--json');
  expect(second).toMatchObject({ code: EXIT_CODES.done, stderr: '' });
  expect(JSON.parse(second.stdout)).toMatchObject({
    touchpoints: 2_500,
    accepted: 0,
    duplicates: 2_500,
    rejected: 0,
  });
  expect((await readdir(folder)).filter((name) => name !== 'data')).toEqual(['events.ndjson']);
});

test('CSV is imported through a mapping, packed or not, its lines gathered', async () => {
  const mapping = await file('mapping.json', JSON.stringify(MAPPING));
  const csv =
    'order,at,who,what,value\nA,2026-11-20 09:30,7,kettle,0.10\nB,2026-11-20 10:00,8,茶,3\nA,2026-11-20 09:30,7,filter,0.20\n';
  const ended = await run(await file('orders.csv.gz', gzipSync(csv)), '--map', mapping);
  expect(ended).toMatchObject({ code: EXIT_CODES.done });
  expect([...intake.events.values()].map((text) => JSON.parse(text))).toMatchObject([
    {
      id: 'A',
      time: '2026-11-20T09:30:00+08:00',
      data: { amount: { amount: '0.30' }, items: [{ name: 'kettle' }, { name: 'filter' }] },
    },
    { id: 'B', subject: 'account:shop:8', data: { items: [{ name: '茶' }] } },
  ]);
});

test('what is rejected is written beside the input with its lines and reasons, and everything else is there', async () => {
  const [first, second] = noteLines(2) as [string, string];
  const wrong = first
    .replace('"id":"', '"id":"x')
    .replace(/"type":"[^"]+"/, '"type":"touchline.note.aded.v1"');
  const path = await file('events.ndjson', `${first}\n{"half\n${wrong}\n\n${second}`);
  const ended = await run(path);
  expect(ended).toMatchObject({
    code: EXIT_CODES.rejects,
    stdout: expect.stringContaining('2 recorded, 0 there already, 2 rejected'),
  });
  expect(ended.stdout).toContain(`${path}.rejects.ndjson`);
  const rejects = (await readFile(`${path}.rejects.ndjson`, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rejects).toMatchObject([
    { lines: [2], code: 'invalid-json', reasons: ['is not JSON.'], content: '{"half' },
    {
      lines: [3],
      code: 'invalid-touchpoint',
      reasons: [expect.stringContaining('touchline.note.added.v1')],
    },
  ]);
  await writeFile(path, `${first}\n${second}\n`);
  expect(await run(path)).toMatchObject({ code: EXIT_CODES.done });
  expect(await readdir(folder)).not.toContain('events.ndjson.rejects.ndjson');
});

test('lines of CSV that cannot be mapped are rejected with their numbers', async () => {
  const mapping = await file('mapping.json', JSON.stringify(MAPPING));
  const path = await file(
    'orders.csv',
    'order,at,who,what,value\nA,yesterday,7,kettle,1\nB,2026-11-20 10:00,8,tea,3\nB,2026-11-20 11:00,8,tea,x\n,,,,\nC,1\n',
  );
  const rejectsPath = join(folder, 'bad.ndjson');
  const ended = await run(path, '--map', mapping, '--rejects', rejectsPath);
  expect(ended.code).toBe(EXIT_CODES.rejects);
  const rejects = (await readFile(rejectsPath, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rejects.map(({ lines, reasons }) => [lines, reasons])).toEqual([
    [[2], ['column at: "yesterday" is not a time of the format yyyy-MM-dd HH:mm']],
    [
      [3, 4],
      [expect.stringContaining('column at differs'), expect.stringContaining('line 4: {value}: "x"')],
    ],
    [[5], ['has nothing in a column that lines are grouped by']],
    [[6], ['has 2 fields where the header has 5']],
  ]);
});

test('a dry run checks everything and records nothing', async () => {
  const path = await file('events.ndjson', noteLines(20).join('\n'));
  expect(await run(path, '--dry-run')).toMatchObject({
    code: EXIT_CODES.done,
    stdout: expect.stringContaining('20 valid, 0 rejected'),
  });
  expect(intake.events.size).toBe(0);
});

test('a dry run without a Touchline checks against the catalogue of the command, and says so', async () => {
  const path = await file('events.ndjson', `${noteLines(3).join('\n')}\n{"specversion":"1.0"}\n`);
  await intake.stop();
  const ended = await run(path, '--dry-run');
  expect(ended).toMatchObject({
    code: EXIT_CODES.rejects,
    stdout: expect.stringContaining('3 valid, 1 rejected'),
  });
  expect(ended.stderr).toContain('checking against the catalogue of this command instead');
  expect(JSON.parse((await run(path, '--dry-run', '--json')).stdout)).toMatchObject({
    checkedBy: 'catalogue',
  });
  const real = await run(path);
  expect(real).toMatchObject({
    code: EXIT_CODES.failed,
    stderr: expect.stringContaining('is Touchline running?'),
  });
  intake = await FakeIntake.start();
});

describe('an import that was cut short goes on where it was', () => {
  test('after Ctrl-C, which waits for what is under way', async () => {
    const path = await file('events.ndjson', noteLines(4_000).join('\n'));
    let answered = 0;
    let interrupt: () => void = () => {};
    intake.beforeAnswer = () => {
      answered += 1;
      if (answered === 2) interrupt();
    };
    const running = startTouchline(['import', path, '--concurrency', '1'], environment());
    interrupt = () => running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped).toMatchObject({
      code: EXIT_CODES.interrupted,
      stderr: expect.stringContaining('stopping after what is under way'),
    });
    expect(stopped.stdout).toContain('Run the same command again to go on from here.');
    const settled = intake.events.size;
    expect(settled).toBeGreaterThan(0);
    expect(settled).toBeLessThan(4_000);
    const before = intake.requests.length;
    const again = await run(path, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      accepted: 4_000,
      duplicates: 0,
      files: [{ resumedAt: settled }],
    });
    expect(intake.events.size).toBe(4_000);
    expect(intake.requests.length - before).toBe(Math.ceil((4_000 - settled) / 1_000));
  });

  test('after a kill, at the cost of sending a few again; rejects are not listed twice', async () => {
    const lines = noteLines(5_000);
    lines[10] = '{"half';
    lines[4_990] = '{"half';
    const path = await file('events.ndjson', lines.join('\n'));
    let answered = 0;
    let kill: () => void = () => {};
    intake.beforeAnswer = () => {
      answered += 1;
      if (answered === 3) kill();
    };
    const running = startTouchline(['import', path, '--concurrency', '1'], environment());
    kill = () => running.child.kill('SIGKILL');
    await running.ended;
    const again = await run(path);
    expect(again.code).toBe(EXIT_CODES.rejects);
    expect(intake.events.size).toBe(4_998);
    const rejects = (await readFile(`${path}.rejects.ndjson`, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rejects.map((reject) => reject.lines)).toEqual([[11], [4_991]]);
  });

  test('after the Touchline was away for longer than is waited for', async () => {
    const path = await file('events.ndjson', noteLines(30).join('\n'));
    intake.mishaps.push({ status: 403, detail: 'Not yours.' });
    const failed = await run(path);
    expect(failed).toMatchObject({
      code: EXIT_CODES.failed,
      stdout: expect.stringContaining('answered 403: Not yours.'),
    });
    expect(await run(path)).toMatchObject({ code: EXIT_CODES.done });
    expect(intake.events.size).toBe(30);
  });

  test('but begins anew when the input has changed, or when told to', async () => {
    const lines = noteLines(3_000);
    const path = await file('events.ndjson', lines.join('\n'));
    const stopAfterFirst = async (): Promise<void> => {
      intake.mishaps.length = 0;
      let answered = 0;
      intake.beforeAnswer = () => {
        answered += 1;
        if (answered === 1) intake.mishaps.push({ status: 403 });
      };
      expect(await run(path, '--concurrency', '1')).toMatchObject({ code: EXIT_CODES.failed });
      intake.beforeAnswer = () => {};
    };
    await stopAfterFirst();
    expect(JSON.parse((await run(path, '--json', '--restart')).stdout)).toMatchObject({
      accepted: 2_000,
      duplicates: 1_000,
    });
    intake.events.clear();
    await stopAfterFirst();
    await writeFile(path, lines.slice(1).join('\n'));
    expect(JSON.parse((await run(path, '--json')).stdout)).toMatchObject({
      accepted: 2_000,
      duplicates: 999,
    });
  });
});

test('the token is found in the data folder', async () => {
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data', 'admin-token'), `${TOKEN}\n`);
  const { TOUCHLINE_TOKEN: _, ...rest } = environment();
  const path = await file('events.ndjson', noteLines(1).join('\n'));
  expect(await runTouchline(['import', path], rest)).toMatchObject({ code: EXIT_CODES.done });
});

test('a batch that is too large is sent in halves, a single touchpoint that is too large is rejected', async () => {
  intake.maxBodyBytes = 3_000;
  const [first, ...others] = noteLines(40) as [string, ...string[]];
  const large = JSON.stringify({
    ...JSON.parse(first),
    id: 'large',
    data: { description: 'x'.repeat(4_000) },
  });
  const path = await file('events.ndjson', [first, large, ...others].join('\n'));
  const ended = await run(path);
  expect(ended).toMatchObject({
    code: EXIT_CODES.rejects,
    stdout: expect.stringContaining('40 recorded, 0 there already, 1 rejected'),
  });
  expect(await readFile(`${path}.rejects.ndjson`, 'utf8')).toContain('payload-too-large');
});

describe('wrong use is refused before anything is sent', () => {
  test.each([
    [['--dryrun', 'x.ndjson'], 'There is no option --dryrun'],
    [['x.ndjson', '--concurrency', 'many'], '--concurrency takes a whole number from 1 to 16, not "many"'],
    [['x.ndjson', '--url', 'ftp://a'], '"ftp://a" is no address'],
    [['x.ndjson', '--map', 'none.json'], 'The mapping none.json does not exist.'],
    [['x.ndjson', 'y.ndjson', '--rejects', 'r'], '--rejects is for a single file'],
    [[], 'Missing required positional argument'],
  ])('%j', async (args, expected) => {
    expect(await run(...args)).toMatchObject({
      code: EXIT_CODES.usage,
      stderr: expect.stringContaining(expected),
    });
  });

  test('CSV without a mapping, and a mapping that does not fit', async () => {
    const path = await file('orders.csv', 'a,b\n1,2\n');
    expect(await run(path)).toMatchObject({
      code: EXIT_CODES.usage,
      stdout: expect.stringContaining('say with --map'),
    });
    const mapping = await file('mapping.json', JSON.stringify(MAPPING));
    const misfit = await run(path, '--map', mapping);
    expect(misfit).toMatchObject({
      code: EXIT_CODES.usage,
      stdout: expect.stringContaining('/event/id: no column "order"; there are a, b'),
    });
  });

  test('with --json, errors are JSON, too', async () => {
    const ended = await run('x.ndjson', '--nonsense', '--json');
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('--nonsense') },
    });
  });
});

test('a file that is not there fails', async () => {
  expect(await run(join(folder, 'none.ndjson'))).toMatchObject({ code: EXIT_CODES.failed });
});

test('help names the exit codes', async () => {
  const ended = await run('--help');
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/--dry-run[\s\S]*EXIT CODES/) });
});
