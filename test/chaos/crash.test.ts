import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBacking } from '@touchline/backing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../support/seeded-random.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';

const KILLS = 50;
const CUSTOMERS = 40;
const SINGLE_CLIENTS = 4;
const LINES_PER_UPLOAD = 300;
const MAX_LIFE_MS = 700;

const seed = Number(process.env.TOUCHLINE_TEST_SEED ?? randomInt(2 ** 31));

let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'touchline-crash-'));
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

test(`every acknowledged touchpoint survives ${KILLS} times kill -9, once in the log and once in its timeline (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const sent = new Traffic();
  for (let kill = 0; kill < KILLS; kill++) {
    const touchline = await TouchlineProcess.start({ dataFolder });
    const dead = new AbortController();
    const clients = [upload(touchline, sent, dead.signal)];
    for (let n = 0; n < SINGLE_CLIENTS; n++) clients.push(postSingly(touchline, sent, dead.signal));
    await new Promise((resolve) => setTimeout(resolve, random() * MAX_LIFE_MS));
    await touchline.kill();
    dead.abort();
    await Promise.all(clients);
  }
  expect(sent.acknowledged.size).toBeGreaterThan(KILLS);
  const logged = await idsInLog();
  expect(duplicatesIn(logged)).toEqual([]);
  expect(missingFrom(logged, sent.acknowledged)).toEqual([]);
  const shown = await idsInTimelines(logged.length);
  expect(duplicatesIn(shown)).toEqual([]);
  expect(missingFrom(shown, new Set(logged))).toEqual([]);
}, 600_000);

/** What was sent, and what was answered before the process died. */
class Traffic {
  readonly acknowledged = new Set<string>();
  #last = 0;

  next(): { readonly id: string; readonly event: object } {
    const at = ++this.#last;
    const id = `e${at}`;
    return {
      id,
      event: {
        specversion: '1.0',
        id,
        source: '/crash',
        type: 'touchline.note.added.v1',
        time: new Date(Date.UTC(2026, 0, 1) + at * 1_000).toISOString(),
        department: 'service',
        subject: `account:shop:${at % CUSTOMERS}`,
        data: { description: `note ${at}` },
      },
    };
  }
}

async function postSingly(touchline: TouchlineProcess, sent: Traffic, dead: AbortSignal): Promise<void> {
  while (!dead.aborted) {
    const { id, event } = sent.next();
    const answer = await touchline.post(event).catch(() => undefined);
    if (answer?.status === 201) sent.acknowledged.add(id);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer === undefined) return;
  }
}

async function upload(touchline: TouchlineProcess, sent: Traffic, dead: AbortSignal): Promise<void> {
  while (!dead.aborted) {
    const lines = Array.from({ length: LINES_PER_UPLOAD }, () => sent.next());
    const body = lines.map(({ event }) => JSON.stringify(event)).join('\n');
    const answer = await touchline
      .fetch('/v1/events', { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body })
      .then((response) => (response.ok ? (response.json() as Promise<{ accepted: number }>) : undefined))
      .catch(() => undefined);
    if (answer === undefined) return;
    expect(answer.accepted).toBe(lines.length);
    for (const { id } of lines) sent.acknowledged.add(id);
  }
}

/** Read from the files themselves, by nobody's leave. */
async function idsInLog(): Promise<string[]> {
  const backing = await openBacking({ dataFolder });
  const ids: string[] = [];
  for (let after = 0n; ; ) {
    const page = await backing.journal.read({ after });
    const last = page.at(-1);
    if (last === undefined) break;
    ids.push(...page.map((recorded) => recorded.touchpoint.id));
    after = last.position;
  }
  await backing.close();
  return ids;
}

/** As a reader sees them, after one more start and without help. */
async function idsInTimelines(head: number): Promise<string[]> {
  const touchline = await TouchlineProcess.start({ dataFolder });
  try {
    const ids: string[] = [];
    for (let customer = 0; customer < CUSTOMERS; customer++) {
      const found = await untilFolded(touchline, `/v1/customers?identifier=account:shop:${customer}`, head);
      const { items } = found as { items: { customerid: string }[] };
      for (const { customerid } of items) ids.push(...(await pagesOf(touchline, customerid)));
    }
    return ids;
  } finally {
    await touchline.stop();
  }
}

async function untilFolded(touchline: TouchlineProcess, path: string, head: number): Promise<unknown> {
  for (;;) {
    const answer = await touchline.fetch(path, { headers: { 'touchline-min-position': String(head) } });
    if (answer.ok) return answer.json();
    await answer.arrayBuffer();
  }
}

async function pagesOf(touchline: TouchlineProcess, customerid: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor = '';
  do {
    const path = `/v1/customers/${customerid}/timeline?limit=500${cursor && `&cursor=${cursor}`}`;
    const page = await touchline.json<{ items: { id: string }[]; next: string | null }>(path);
    ids.push(...page.items.map((entry) => entry.id));
    cursor = page.next ?? '';
  } while (cursor !== '');
  return ids;
}

function duplicatesIn(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

function missingFrom(ids: readonly string[], wanted: ReadonlySet<string>): string[] {
  const there = new Set(ids);
  return [...wanted].filter((id) => !there.has(id));
}
