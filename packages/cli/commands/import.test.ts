import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TOKEN } from '../testing/fake-intake.ts';
import { ImportScene, noteLines, readRejects } from '../testing/import-scene.ts';
import { runTouchline } from '../testing/run-touchline.ts';
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

let scene: ImportScene;
beforeEach(async () => {
  scene = await ImportScene.open();
});
afterEach(() => scene.close());

test('NDJSON is imported as it is; the second time it is all duplicates', async () => {
  const lines = noteLines(2_500);
  const path = await scene.file('events.ndjson', `${lines.join('\n')}\n`);
  const first = await scene.run(path);
  expect(first).toMatchObject({
    code: EXIT_CODES.done,
    stdout: expect.stringContaining(': 2,500 recorded, 0 there already, 0 rejected'),
  });
  expect([...scene.intake.events.values()]).toEqual(expect.arrayContaining(lines));
  const second = await scene.run(path, '--json');
  expect(second).toMatchObject({ code: EXIT_CODES.done, stderr: '' });
  expect(JSON.parse(second.stdout)).toMatchObject({
    touchpoints: 2_500,
    accepted: 0,
    duplicates: 2_500,
    rejected: 0,
  });
  expect((await readdir(scene.folder)).filter((name) => name !== 'data')).toEqual(['events.ndjson']);
});

test('CSV is imported through a mapping, packed or not, its lines gathered', async () => {
  const mapping = await scene.file('mapping.json', JSON.stringify(MAPPING));
  const csv =
    'order,at,who,what,value\nA,2026-11-20 09:30,7,kettle,0.10\nB,2026-11-20 10:00,8,茶,3\nA,2026-11-20 09:30,7,filter,0.20\n';
  const ended = await scene.run(await scene.file('orders.csv.gz', gzipSync(csv)), '--map', mapping);
  expect(ended).toMatchObject({ code: EXIT_CODES.done });
  expect([...scene.intake.events.values()].map((text) => JSON.parse(text))).toMatchObject([
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
  const path = await scene.file('events.ndjson', `${first}\n{"half\n${wrong}\n\n${second}`);
  const ended = await scene.run(path);
  expect(ended).toMatchObject({
    code: EXIT_CODES.rejects,
    stdout: expect.stringContaining('2 recorded, 0 there already, 2 rejected'),
  });
  expect(ended.stdout).toContain(`${path}.rejects.ndjson`);
  const rejects = await readRejects(`${path}.rejects.ndjson`);
  expect(rejects).toMatchObject([
    { lines: [2], code: 'invalid-json', reasons: ['is not JSON.'], content: '{"half' },
    {
      lines: [3],
      code: 'invalid-touchpoint',
      reasons: [expect.stringContaining('touchline.note.added.v1')],
    },
  ]);
  await writeFile(path, `${first}\n${second}\n`);
  expect(await scene.run(path)).toMatchObject({ code: EXIT_CODES.done });
  expect(await readdir(scene.folder)).not.toContain('events.ndjson.rejects.ndjson');
});

test('lines of CSV that cannot be mapped are rejected with their numbers', async () => {
  const mapping = await scene.file('mapping.json', JSON.stringify(MAPPING));
  const path = await scene.file(
    'orders.csv',
    'order,at,who,what,value\nA,yesterday,7,kettle,1\nB,2026-11-20 10:00,8,tea,3\nB,2026-11-20 11:00,8,tea,x\n,,,,\nC,1\n',
  );
  const rejectsPath = join(scene.folder, 'bad.ndjson');
  const ended = await scene.run(path, '--map', mapping, '--rejects', rejectsPath);
  expect(ended.code).toBe(EXIT_CODES.rejects);
  const rejects = await readRejects(rejectsPath);
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
  const path = await scene.file('events.ndjson', noteLines(20).join('\n'));
  expect(await scene.run(path, '--dry-run')).toMatchObject({
    code: EXIT_CODES.done,
    stdout: expect.stringContaining('20 valid, 0 rejected'),
  });
  expect(scene.intake.events.size).toBe(0);
});

test('a dry run without a Touchline checks against the catalogue of the command, and says so', async () => {
  const path = await scene.file('events.ndjson', `${noteLines(3).join('\n')}\n{"specversion":"1.0"}\n`);
  await scene.intake.stop();
  const ended = await scene.run(path, '--dry-run');
  expect(ended).toMatchObject({
    code: EXIT_CODES.rejects,
    stdout: expect.stringContaining('3 valid, 1 rejected'),
  });
  expect(ended.stderr).toContain('checking against the catalogue of this command instead');
  expect(JSON.parse((await scene.run(path, '--dry-run', '--json')).stdout)).toMatchObject({
    checkedBy: 'catalogue',
  });
  const real = await scene.run(path);
  expect(real).toMatchObject({
    code: EXIT_CODES.failed,
    stderr: expect.stringContaining('is Touchline running?'),
  });
});

test('the token is found in the data folder', async () => {
  await mkdir(join(scene.folder, 'data'));
  await writeFile(join(scene.folder, 'data', 'admin-token'), `${TOKEN}\n`);
  const { TOUCHLINE_TOKEN: _, ...rest } = scene.environment;
  const path = await scene.file('events.ndjson', noteLines(1).join('\n'));
  expect(await runTouchline(['import', path], rest)).toMatchObject({ code: EXIT_CODES.done });
});

test('a batch that is too large is sent in halves, a single touchpoint that is too large is rejected', async () => {
  scene.intake.maxBodyBytes = 3_000;
  const [first, ...others] = noteLines(40) as [string, ...string[]];
  const large = JSON.stringify({
    ...JSON.parse(first),
    id: 'large',
    data: { description: 'x'.repeat(4_000) },
  });
  const path = await scene.file('events.ndjson', [first, large, ...others].join('\n'));
  const ended = await scene.run(path);
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
    expect(await scene.run(...args)).toMatchObject({
      code: EXIT_CODES.usage,
      stderr: expect.stringContaining(expected),
    });
  });

  test('CSV without a mapping, and a mapping that does not fit', async () => {
    const path = await scene.file('orders.csv', 'a,b\n1,2\n');
    expect(await scene.run(path)).toMatchObject({
      code: EXIT_CODES.usage,
      stdout: expect.stringContaining('say with --map'),
    });
    const mapping = await scene.file('mapping.json', JSON.stringify(MAPPING));
    const misfit = await scene.run(path, '--map', mapping);
    expect(misfit).toMatchObject({
      code: EXIT_CODES.usage,
      stdout: expect.stringContaining('/event/id: no column "order"; there are a, b'),
    });
  });

  test('with --json, errors are JSON, too', async () => {
    const ended = await scene.run('x.ndjson', '--nonsense', '--json');
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'usage', message: expect.stringContaining('--nonsense') },
    });
  });
});

test('a file that is not there fails', async () => {
  expect(await scene.run(join(scene.folder, 'none.ndjson'))).toMatchObject({ code: EXIT_CODES.failed });
});

test('help names the exit codes', async () => {
  const ended = await scene.run('--help');
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/--dry-run[\s\S]*EXIT CODES/) });
});
