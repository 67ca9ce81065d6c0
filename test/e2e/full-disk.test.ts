import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { expectProblem } from '../support/problem.ts';
import { note } from '../support/sample-events.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';
import { upload } from '../support/upload.ts';

const CUSTOMERS = 10;
const AT_ONCE = 20;

function diskOf(megabytes: number, context: Pick<TestContext, 'skip'>): SmallDisk {
  const disk = SmallDisk.mount(megabytes, context);
  onTestFinished(() => disk.unmount());
  return disk;
}

async function start(
  dataFolder: string,
  environment: Record<string, string> = {},
): Promise<TouchlineProcess> {
  const touchline = await TouchlineProcess.start({ dataFolder, environment });
  onTestFinished(() => touchline.stop());
  await until(async () => (await touchline.fetch('/health/ready')).ok, 'the server is ready');
  return touchline;
}

const large = (at: number): Record<string, unknown> =>
  note(`d${at}`, {
    source: '/disk',
    subject: `account:disk:${at % CUSTOMERS}`,
    data: { description: `number ${at} `.repeat(250) },
  });

interface Model {
  readonly position: string;
  readonly state: string;
  readonly lag: number;
}

const modelOf = async (touchline: TouchlineProcess): Promise<Model | undefined> =>
  (await touchline.json<{ readModels: Model[] }>('/v1/status')).readModels[0];
const caughtUp = (touchline: TouchlineProcess): Promise<void> =>
  until(async () => {
    const model = await modelOf(touchline);
    return model?.state === 'live' && model.lag === 0;
  }, 'the read model has caught up');

/** How often each touchpoint stands in a timeline, by the id its producer gave it. */
async function timelines(touchline: TouchlineProcess): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let customer = 0; customer < CUSTOMERS; customer++) {
    const path = `/v1/customers?identifier=account:disk:${customer}`;
    const { items } = await touchline.json<{ items: { customerid: string }[] }>(path);
    for (let next: string | null = ''; next !== null; ) {
      const query: string = next === '' ? '' : `&cursor=${next}`;
      const page = await touchline.json<{ items: { id: string }[]; next: string | null }>(
        `/v1/customers/${items[0]?.customerid}/timeline?limit=500${query}`,
      );
      for (const { id } of page.items) seen.set(id, (seen.get(id) ?? 0) + 1);
      next = page.next;
    }
  }
  return seen;
}

test('on a full disk writes are answered 507, reads go on, nothing acknowledged is lost, and with room writes go on too', async (context) => {
  const disk = diskOf(8, context);
  const touchline = await start(disk.path);
  const acknowledged: string[] = [];
  const postSome = async (from: number): Promise<Response[]> => {
    const posting = Array.from({ length: AT_ONCE }, async (_, at) => {
      const answer = await touchline.post(large(from + at));
      if (answer.ok) acknowledged.push(`d${from + at}`);
      return answer;
    });
    return Promise.all(posting);
  };
  let sent = 0;
  const refused: Response[] = [];
  while (refused.length < 2 * AT_ONCE) {
    refused.push(...(await postSome(sent)).filter(({ ok }) => !ok));
    sent += AT_ONCE;
  }
  for (const answer of refused) {
    expect(answer.headers.get('retry-after')).toBe('30');
    await expectProblem(answer, 'event-store-full');
  }
  const newcomer = await touchline.post(note('newcomer', { subject: 'account:disk:newcomer' }));
  expect(newcomer.status).toBe(507);
  expect(newcomer.headers.get('retry-after')).toBe('30');
  const lines = Array.from({ length: 1_200 }, (_, at) => JSON.stringify(large(sent + at)));
  const cut = await upload(touchline, lines);
  expect(await expectProblem(cut, 'event-store-full')).toMatchObject({
    detail: expect.stringMatching(/Send all of it again/),
    done: 0,
    summary: { accepted: 0, rejected: 0 },
  });
  for (const path of ['/v1/search?q=number', '/v1/customers?identifier=account:disk:1', '/v1/status'])
    expect([path, (await touchline.fetch(path)).status]).toEqual([path, 200]);

  disk.grow(128);
  // Once more, all of them: what was acknowledged is recognised.
  const again = await upload(
    touchline,
    Array.from({ length: sent }, (_, at) => JSON.stringify(large(at))),
  );
  expect(await again.json()).toMatchObject({
    accepted: sent - acknowledged.length,
    duplicates: acknowledged.length,
    rejected: 0,
  });
  await caughtUp(touchline);
  const seen = await timelines(touchline);
  expect([seen.size, [...seen.values()].every((count) => count === 1)]).toEqual([sent, true]);
});

test('when only the read model has no room, touchpoints are recorded on, and it catches up by itself', async (context) => {
  const disk = diskOf(4, context);
  const folder = await mkdtemp(join(tmpdir(), 'touchline-full-read-model-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const touchline = await start(folder, { TOUCHLINE_READ_STORE: `sqlite:${disk.path}` });
  const sent = 3_000;
  for (let from = 0; from < sent; from += 500) {
    const lines = Array.from({ length: 500 }, (_, at) => JSON.stringify(large(from + at)));
    expect(await (await upload(touchline, lines)).json()).toMatchObject({ accepted: 500 });
  }
  await until(() => touchline.output.includes('read-store-full'), 'the projector has told that it failed');
  const stuck = await modelOf(touchline);
  expect(stuck?.state).toBe('catching-up');
  expect((await touchline.fetch('/v1/search?q=number')).status).toBe(200);
  const ahead = await touchline.fetch('/v1/search?q=number', {
    headers: { 'touchline-min-position': String(sent) },
  });
  await expectProblem(ahead, 'position-not-reached');

  disk.grow(128);
  await caughtUp(touchline);
  expect((await timelines(touchline)).size).toBe(sent);
});
