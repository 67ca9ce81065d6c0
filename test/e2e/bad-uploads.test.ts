import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawConnection, request } from '../support/raw-connection.ts';
import { residentMebibytes } from '../support/resident-memory.ts';
import { note } from '../support/sample-events.ts';
import { TOKEN, TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';
import { chunksOf, type Summary, upload } from '../support/upload.ts';

/** A fifth of a million keeps the suite short and is as far beyond every buffer; the memory bench sends the million. */
const LINES = 200_000;

let folder: string;
let touchline: TouchlineProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-bad-uploads-'));
  touchline = await TouchlineProcess.start({ dataFolder: folder });
  await until(async () => (await touchline.fetch('/health/ready')).ok, 'the server is ready');
});
afterAll(async () => {
  await touchline?.stop();
  await rm(folder, { recursive: true, force: true });
});

const head = async (): Promise<number> => Number((await touchline.json<{ head: string }>('/v1/status')).head);
const line = (id: string, more: object = {}): string => JSON.stringify(note(id, more));
const summaryOf = async (answer: Response): Promise<Summary> => {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  return (await answer.json()) as Summary;
};

/** Every entry of one customer, by the id its producer gave it. */
async function idsOf(identifier: string, position: number): Promise<string[]> {
  const headers = { 'touchline-min-position': String(position) };
  const path = `/v1/customers?identifier=${encodeURIComponent(identifier)}`;
  const { items } = await touchline.json<{ items: { customerid: string }[] }>(path, { headers });
  const ids: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page: { items: { id: string }[]; next: string | null } = await touchline.json(
      `/v1/customers/${items[0]?.customerid}/timeline?limit=500${next === '' ? '' : `&cursor=${next}`}`,
    );
    ids.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  return ids.toSorted();
}

test('of an upload of any length with one bad line in the middle, that line is rejected and all others are recorded', async () => {
  const before = await head();
  function* lines(): Generator<string> {
    for (let at = 0; at < LINES; at++) {
      const more = { source: '/long', subject: `account:long:${at % 1_000}` };
      yield at === LINES / 2 ? '{"specversion":"1.0","id":"half' : line(`l${at}`, more);
    }
  }
  const summary = await summaryOf(await upload(touchline, lines()));
  expect(summary).toEqual({
    accepted: LINES - 1,
    duplicates: 0,
    rejected: 1,
    position: String(before + LINES - 1),
    rejections: [
      {
        index: LINES / 2,
        code: 'invalid-json',
        detail: `Line ${LINES / 2 + 1}: The text ends before its value is complete.`,
      },
    ],
  });
  expect(await head()).toBe(before + LINES - 1);
});

test('each kind of bad line is rejected by its place, whatever is around it', async () => {
  const before = await head();
  const good = { source: '/kinds' };
  const lines = [
    line('k0', good),
    Buffer.from(line('bad', good).replace('called', '\xff'), 'latin1'),
    '',
    'null',
    line('k4', good),
    line('late', { ...good, time: new Date(Date.now() + 3_600_000).toISOString() }),
    line('x', { ...good, data: { description: 'x'.repeat(262_144) } }),
    `${line('k7', good)}\r`,
    line('k0', { ...good, department: 'sales' }),
    `\ufeff${line('k9', good)}`,
    line('unknown', { ...good, type: 'touchline.call.complete.v1' }),
    line('k0', good),
    `${line('two', good)}${line('values', good)}`,
    line('k13', good),
  ];
  const { rejections, ...counts } = await summaryOf(await upload(touchline, lines));
  expect(counts).toEqual({ accepted: 5, duplicates: 1, rejected: 7, position: String(before + 5) });
  expect(rejections.map(({ index, code, errors }) => [index, code, errors?.[0]?.pointer])).toEqual([
    [1, 'invalid-utf8', undefined],
    [3, 'invalid-touchpoint', ''],
    [5, 'invalid-touchpoint', '/time'],
    [6, 'touchpoint-too-large', undefined],
    [8, 'event-id-reused', undefined],
    [10, 'invalid-touchpoint', '/type'],
    [12, 'invalid-json', undefined],
  ]);
});

test('of very many bad lines all are counted, a thousand are listed, and others are served meanwhile', async () => {
  const many = 60_000;
  const uploading = upload(
    touchline,
    (function* () {
      for (let at = 0; at < many; at++) yield '{}';
    })(),
  );
  let isOver = false;
  void uploading.finally(() => {
    isOver = true;
  });
  const statuses = new Set<number>();
  while (!isOver) statuses.add((await touchline.fetch('/v1/search?q=x')).status);
  const summary = await summaryOf(await uploading);
  expect([summary.rejected, summary.rejections.length, summary.position]).toEqual([many, 1_000, null]);
  expect([...statuses]).toEqual([200]);
});

test('one line of fifty megabytes is rejected without being kept', async () => {
  const before = residentMebibytes(touchline.pid);
  const answer = await touchline.fetch('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: ReadableStream.from(Array(500).fill(Buffer.alloc(100_000, 'x'))),
    duplex: 'half',
  } as RequestInit);
  expect(await summaryOf(answer)).toMatchObject({
    rejected: 1,
    rejections: [{ index: 0, code: 'touchpoint-too-large' }],
  });
  expect(residentMebibytes(touchline.pid) - before).toBeLessThan(64);
});

/** An upload that can be left in the middle. */
function begin(): ClientRequest {
  const { hostname, port } = new URL(touchline.origin);
  const sending = httpRequest({
    hostname,
    port,
    method: 'POST',
    path: '/v1/events',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-ndjson' },
  });
  // Being cut off is what it is for.
  sending.on('error', () => {});
  return sending;
}

test('a client that leaves in the middle of a line finds each line recorded once after it has sent all again', async () => {
  const before = await head();
  const all = Array.from({ length: 3_000 }, (_, at) =>
    line(`cut${at}`, { source: '/cut', subject: 'account:cut:1' }),
  );
  for (const [sent, rest] of [
    [1_300, 40],
    [2_600, 1],
  ] as const) {
    const sending = begin();
    for (const chunk of chunksOf(all.slice(0, sent))) sending.write(chunk);
    sending.write(all[sent]?.slice(0, -rest));
    // What fills a group is handed over without waiting for the end.
    await until(async () => (await head()) >= before + sent - (sent % 500), 'whole groups are recorded');
    sending.destroy();
    expect((await touchline.fetch('/health/ready')).status).toBe(200);
  }
  const recorded = (await head()) - before;
  expect(recorded).toBeLessThanOrEqual(2_600);
  const summary = await summaryOf(await upload(touchline, all));
  expect(summary).toMatchObject({ accepted: 3_000 - recorded, duplicates: recorded, rejected: 0 });
  expect(await head()).toBe(before + 3_000);
  const ids = all.map((_, at) => `cut${at}`).toSorted();
  expect(await idsOf('account:cut:1', before + 3_000)).toEqual(ids);
});

test('an upload whose pieces are broken is cut off, and nothing of it is lost that was recorded', async () => {
  const before = await head();
  const connection = await RawConnection.open(touchline.origin);
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-ndjson' };
  connection.send(request('POST /v1/events', { headers: { ...headers, 'transfer-encoding': 'chunked' } }));
  const lines = Array.from({ length: 700 }, (_, at) => line(`piece${at}`, { source: '/pieces' }));
  for (const chunk of chunksOf(lines)) {
    connection.send(`${chunk.length.toString(16)}\r\n`);
    connection.send(Buffer.concat([chunk, Buffer.from('\r\n')]));
  }
  await until(async () => (await head()) >= before + 500, 'the first group is recorded');
  connection.send('no size\r\n');
  expect(await connection.answers(1)).toEqual([400]);
  await connection.closed();
  const { duplicates, accepted } = await summaryOf(await upload(touchline, lines));
  expect([duplicates >= 500, duplicates + accepted]).toEqual([true, 700]);
  expect(await head()).toBe(before + 700);
});
