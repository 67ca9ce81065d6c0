import { afterEach, beforeEach, expect, test } from 'vitest';
import { TimelineApp } from './testing/timeline-app.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

const KIOSK = 'device:kiosk';
const CUSTOMERS = 7;

let timeline: TimelineFixture;
let app: TimelineApp;
beforeEach(async () => {
  timeline = await TimelineFixture.open();
  app = await TimelineApp.open(timeline);
});
afterEach(async () => {
  await app.close();
  await timeline.close();
});

const visit = (n: number) => ({
  id: `e${n}`,
  subject: `account:shop:${n}`,
  data: { customer: { identifiers: [KIOSK] } },
});
const path = `/v1/customers?identifier=${KIOSK}`;

test('the customers that a shared identifier leads to come page by page, each once', async () => {
  await timeline.record(...Array.from({ length: CUSTOMERS }, (_, n) => visit(n)));
  const found: unknown[] = [];
  let pages = 0;
  for (let cursor = ''; ; pages++) {
    const { status, body } = await app.ask(`${path}&limit=3${cursor}`);
    expect(status).toBe(200);
    found.push(...(body.items as { customerid: string }[]).map(({ customerid }) => customerid));
    // More come while somebody turns the pages: none of those before is missed or repeated.
    if (pages === 0) await timeline.record(visit(CUSTOMERS));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(pages).toBeGreaterThan(1);
  expect(new Set(found).size).toBe(found.length);
  const ids = Array.from({ length: CUSTOMERS }, (_, n) =>
    timeline.backing.journal.identify(`account:shop:${n}`),
  );
  expect(found).toEqual(expect.arrayContaining(ids.map(({ subject }) => subject)));
});

test.each([
  ['&limit=0', 'invalid-request'],
  ['&limit=101', 'invalid-request'],
  ['&cursor=abc', 'invalid-cursor'],
])('a question with %s is refused as %s', async (rest, code) => {
  expect(await app.ask(path + rest)).toMatchObject({ body: { code } });
});

test('those touched last are one page', async () => {
  expect(await app.ask('/v1/customers?recent=5&cursor=abc')).toMatchObject({
    status: 400,
    body: { code: 'invalid-request' },
  });
});
