import { ScriptedServer } from '@touchline/event-store/eventstoredb/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEventStoreDbForTests } from '../support/eventstoredb.ts';
import { everyShape } from '../support/every-shape.ts';
import { expectProblem } from '../support/problem.ts';
import { note } from '../support/sample-events.ts';
import { type Installation, install } from '../support/shapes.ts';
import { until } from '../support/until.ts';

interface Receipt {
  readonly position: string;
  readonly duplicate: boolean;
}

const TEST_MS = 120_000;
const CUSTOMERS = '/v1/customers?identifier=account:shop:e2e';

const real = await openEventStoreDbForTests();
if ('missing' in real) test.skip(`the log in an EventStoreDB: ${real.missing}`, () => {});
else afterAll(() => real.close());

const logs: [string, () => Promise<{ url: string; close(): void }>][] = [
  ['a scripted EventStoreDB', startScripted],
  ...('missing' in real ? [] : [['an EventStoreDB', async () => ({ url: real.url, close() {} })] as never]),
];
const shapes = await everyShape();
const cases = logs.flatMap(([name, open]) => shapes.map((one) => [one.shape, name, open, one] as const));

describe.each(cases)('%s, the log in %s', (_shape, _name, open, shape) => {
  let log: Awaited<ReturnType<typeof open>>;
  let touchline: Installation;
  beforeAll(async () => {
    log = await open();
    touchline = await shape.install({ TOUCHLINE_EVENT_STORE: log.url });
  }, TEST_MS);
  afterAll(async () => {
    await touchline?.close();
    log?.close();
  });

  test(
    'what is posted comes out as a timeline, once however often it is posted, after a crash too',
    async () => {
      const ids: readonly string[] = Array.from({ length: 10 }, () => crypto.randomUUID());
      for (const id of ids) expect(await post(touchline, id)).toMatchObject({ duplicate: false });
      await touchline.crash();
      let position = '0';
      for (const id of ids) {
        const receipt = await post(touchline, id);
        expect(receipt.duplicate).toBe(true);
        position = receipt.position;
      }
      await until(async () => (await timeline(touchline, position)) !== undefined, 'everything is folded');
      const entries = (await timeline(touchline, position)) ?? [];
      expect(entries.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
    },
    TEST_MS,
  );
});

test(
  'while the server is away touchpoints are refused for now, and then everything goes on',
  async () => {
    const server = await ScriptedServer.start();
    const touchline = await install('one process', { TOUCHLINE_EVENT_STORE: server.url });
    const ids = ['before', 'after'];
    await post(touchline, 'before');
    server.stop();
    const refused = await touchline.at('/v1/events').post(note('after'));
    await expectProblem(refused, 'event-store-unavailable');
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await touchline.at('/health/ready').fetch('/health/ready')).status).toBe(503);
    await server.start();
    const { position } = await post(touchline, 'after');
    await until(async () => (await timeline(touchline, position))?.length === ids.length, 'both are folded');
    await touchline.close();
    server.stop();
  },
  TEST_MS,
);

async function startScripted(): Promise<{ url: string; close(): void }> {
  const server = await ScriptedServer.start();
  return { url: server.url, close: () => server.stop() };
}

async function post(touchline: Installation, id: string): Promise<Receipt> {
  const answer = await touchline.at('/v1/events').post(note(id));
  expect([200, 201]).toContain(answer.status);
  return (await answer.json()) as Receipt;
}

/** Ids of the customer's entries; nothing until the position is reached. */
async function timeline(touchline: Installation, position: string): Promise<readonly string[] | undefined> {
  const headers = { 'touchline-min-position': position };
  const found = await touchline.at(CUSTOMERS).fetch(CUSTOMERS, { headers });
  if (!found.ok) return undefined;
  const { items } = (await found.json()) as { items: readonly { customerid: string }[] };
  const path = `/v1/customers/${items[0]?.customerid}/timeline?limit=200`;
  const page = await touchline.at(path).json<{ items: readonly { id: string }[] }>(path, { headers });
  return page.items.map(({ id }) => id);
}
