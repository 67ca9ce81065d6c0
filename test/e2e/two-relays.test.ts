import type { Messaging } from '@touchline/messaging';
import { openKafka } from '@touchline/messaging/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Engines } from '../support/engines.ts';
import { uniqueName } from '../support/kafka.ts';
import { type Machine, Machines } from '../support/machines.ts';
import { refusalOf } from '../support/refusal.ts';
import { note } from '../support/sample-events.ts';
import { idOf, outOfOrder, TopicReader } from '../support/topic-reader.ts';
import { until } from '../support/until.ts';

const ROUNDS = 3;
const MEANWHILE = 40;
const SUBJECTS = 5;
/** What is promised is 5 s; a machine that is busy with something else is given twice that. */
const TAKE_OVER_MS = 10_000;
const TEST_MS = 240_000;

test('a relay without a broker refuses to start, and says what to set', async () => {
  const said = await refusalOf({}, 'relay');
  expect(said).toContain('TOUCHLINE_KAFKA must be set, e.g. kafka://127.0.0.1:9092');
});

const engines = await Engines.open();
if ('missing' in engines) test.skip(`two relays: ${engines.missing}`, () => {});
else declareTests(engines);

function declareTests(engines: Engines): void {
  afterAll(() => engines.close());

  describe('two relays of one log', () => {
    const prefix = `${uniqueName('relays')}.`;
    let machines: Machines;
    let intake: Machine;
    let relays: Machine[];
    let messaging: Messaging;
    let touchpoints: TopicReader;
    let startRelay: () => Promise<Machine>;
    beforeAll(async () => {
      machines = await Machines.prepare(engines.postgres);
      intake = await machines.start('intake');
      const timeline = await machines.start('timeline');
      const settings = {
        TOUCHLINE_RELAY_STORE: machines.own.url(),
        TOUCHLINE_KAFKA: engines.kafka.url,
        TOUCHLINE_KAFKA_PREFIX: prefix,
        TOUCHLINE_TIMELINE_URL: timeline.process.origin,
      };
      startRelay = () => machines.start('relay', settings);
      relays = [await startRelay(), await startRelay()];
      messaging = openKafka({ url: engines.kafka.url, clientId: 'e2e' });
      touchpoints = await TopicReader.open(messaging, `${prefix}touchpoints.v1`);
    }, TEST_MS);
    afterAll(async () => {
      await messaging?.close();
      await machines?.close();
    });

    const leads = async ({ process }: Machine): Promise<boolean> =>
      /^touchline_relay_leads 1$/m.test(await (await process.fetch('/metrics')).text());
    const leader = async (): Promise<Machine> => {
      let found: Machine | undefined;
      await until(async () => {
        for (const relay of relays) if (await leads(relay)) found = relay;
        return found !== undefined;
      }, 'one of them publishes');
      return found as Machine;
    };
    const posted: string[] = [];
    const post = async (id: string): Promise<string> => {
      posted.push(id);
      const subject = `account:shop:${posted.length % SUBJECTS}`;
      expect((await intake.process.post(note(id, { subject }))).status).toBe(201);
      return id;
    };
    const published = (id: string) =>
      touchpoints.find((message) => idOf(message) === id, `${id} is published`);

    test(
      'one publishes, and when it is killed the other goes on within seconds, nothing lost, each key in order',
      async () => {
        const took: number[] = [];
        for (let round = 0; round < ROUNDS; round++) {
          await published(await post(`before ${round}`));
          const leading = await leader();
          const standing = relays.find((relay) => relay !== leading) as Machine;
          expect(await leads(standing)).toBe(false);
          const meanwhile = Array.from({ length: MEANWHILE }, (_, at) => post(`meanwhile ${round} ${at}`));
          const start = performance.now();
          await leading.lose();
          await Promise.all(meanwhile);
          await published(await post(`after ${round}`));
          took.push(performance.now() - start);
          relays = [standing, await startRelay()];
        }
        process.stdout.write(
          `relay taken over after ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}\n`,
        );
        expect(Math.max(...took)).toBeLessThan(TAKE_OVER_MS);
        const ids = new Set(touchpoints.messages.map(idOf));
        expect(posted.filter((id) => !ids.has(id))).toEqual([]);
        expect(outOfOrder(touchpoints.messages)).toEqual([]);
      },
      TEST_MS,
    );
  });
}
