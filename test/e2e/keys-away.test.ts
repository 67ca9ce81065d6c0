import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, Machines } from '../support/machines.ts';
import { openPostgresForTests } from '../support/postgres.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { note } from '../support/sample-events.ts';
import { type Receipt, timelineOf } from '../support/timelines.ts';
import { until } from '../support/until.ts';

const SUBJECT = 'account:shop:e2e';
const TEST_MS = 120_000;

const postgres = await openPostgresForTests();
const isOurs = !('missing' in postgres) && postgres.server !== undefined;

describe.skipIf(!isOurs)('keys on a PostgreSQL of their own that goes away (servers of our own)', () => {
  let keys: PostgresServer;
  let machines: Machines;
  let intake: Machine;
  let timeline: Machine;
  let replay: Machine;
  beforeAll(async () => {
    if ('missing' in postgres) return;
    keys = await PostgresServer.start();
    machines = await Machines.prepare(postgres, { TOUCHLINE_KEY_STORE: keys.url });
    [timeline, intake, replay] = (await Promise.all(
      ['timeline', 'intake', 'replay'].map((service) => machines.start(service)),
    )) as [Machine, Machine, Machine];
  });
  afterAll(async () => {
    await machines?.close();
    await keys?.close();
    if (!('missing' in postgres)) await postgres.close();
  });

  const post = async (id: string, more: object = {}): Promise<string> => {
    const answer = await intake.process.post(note(id, more));
    expect(answer.status).toBe(201);
    return ((await answer.json()) as Receipt).position;
  };
  const isFolded = (position: string): Promise<void> =>
    until(
      async () => (await timelineOf(timeline.process, SUBJECT, position)) !== undefined,
      `the timeline has come to ${position}`,
      60_000,
    );

  test(
    'refuses what it cannot seal and says so, reads go on, and afterwards everything is there once',
    async () => {
      const expected: string[] = [];
      for (const how of ['fast', 'crash'] as const) {
        expected.push(`before ${how}`);
        const position = await post(`before ${how}`);
        await isFolded(position);
        await keys.stop(how);
        const refused = await intake.process.post(note(`while away ${how}`));
        expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true]);
        expect(await refused.json()).toMatchObject({ code: 'vault-unavailable' });
        const ready = await intake.process.fetch('/health/ready');
        expect([ready.status, await ready.json()]).toEqual([
          503,
          expect.objectContaining({
            checks: [
              { name: 'log', ok: true },
              { name: 'keys', ok: false, code: 'vault-unavailable' },
              { name: 'tokens', ok: true },
            ],
          }),
        ]);
        expect(await timelineOf(timeline.process, SUBJECT, position)).toEqual(expected);
        await keys.start();
        expected.push(`after ${how}`);
        await isFolded(await post(`after ${how}`));
      }
      const last = await post('last');
      await isFolded(last);
      const ids = await timelineOf(timeline.process, SUBJECT, last);
      expect([...(ids ?? [])].sort()).toEqual([...expected, 'last'].sort());
      expect(intake.process.output).not.toContain('called back');
    },
    TEST_MS,
  );

  test(
    'lets a rebuild wait that needs them, and holds back nobody for it',
    async () => {
      const position = await post('before the rebuild');
      await isFolded(position);
      await keys.stop('fast');
      const path = '/v1/readmodels/timeline/rebuilds';
      const { job } = await replay.process.json<{ job: string }>(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ promote: 'auto', reason: 'keys are away' }),
      });
      const stateOf = async () => (await replay.process.json<{ state: string }>(`${path}/${job}`)).state;
      await until(() => timeline.process.output.includes('rebuild failed'), 'the rebuild misses its keys');
      expect(['planned', 'building']).toContain(await stateOf());
      await keys.start();
      await until(async () => (await stateOf()) === 'promoted', 'the rebuild is promoted', 60_000);
      const parked = await replay.process.json<{ items: unknown[] }>('/v1/readmodels/timeline/parked');
      expect(parked.items).toEqual([]);
      const ids = await timelineOf(timeline.process, SUBJECT, position);
      expect(ids).toContain('before the rebuild');
    },
    TEST_MS,
  );
});
