import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnSchema, openPostgresForTests } from '../support/postgres.ts';
import { note } from '../support/sample-events.ts';
import { type Installation, install } from '../support/shapes.ts';
import { until } from '../support/until.ts';

const postgres = await openPostgresForTests();
const server = 'missing' in postgres ? undefined : postgres.server;
const ROUNDS = 4;
const TEST_MS = 120_000;
const SUBJECT = 'account:shop:e2e';

describe.skipIf(server === undefined)(
  'read models on a PostgreSQL that is restarted (a server of our own)',
  () => {
    let touchline: Installation;
    beforeAll(async () => {
      if ('missing' in postgres) return;
      const settings = { TOUCHLINE_READ_STORE: new OwnSchema(postgres).url() };
      touchline = await install('one process per service', settings);
    });
    afterAll(async () => {
      await touchline?.close();
      await server?.close();
    });

    const post = async (id: string): Promise<string> => {
      const answer = await touchline.at('/v1/events').post(note(id));
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { position: string }).position;
    };
    const ask = (path: string, position = '0'): Promise<Response> =>
      touchline.at(path).fetch(path, { headers: { 'touchline-min-position': position } });
    const customers = `/v1/customers?identifier=${SUBJECT}`;

    test(
      'what is posted meanwhile is recorded, reads are refused for that time, and then everything is there once',
      async () => {
        let position = await post('first');
        await until(async () => (await ask(customers, position)).status === 200, 'the first is folded');
        for (let round = 0; round < ROUNDS; round++) {
          await server?.stop(round % 2 === 0 ? 'fast' : 'crash');
          position = await post(`while it is away ${round}`);
          const refused = await ask(customers);
          expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
            503,
            'read-store-unavailable',
          ]);
          await server?.start();
          position = await post(`when it is back ${round}`);
          await until(async () => (await ask(customers, position)).status === 200, 'the rest is folded');
        }
        const { items } = (await (await ask(customers, position)).json()) as {
          items: { customerid: string }[];
        };
        const page = await ask(`/v1/customers/${items[0]?.customerid}/timeline?limit=50`, position);
        const ids = ((await page.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
        expect(ids).toHaveLength(1 + 2 * ROUNDS);
        expect(new Set(ids).size).toBe(1 + 2 * ROUNDS);
      },
      TEST_MS,
    );
  },
);
