import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, Machines } from '../support/machines.ts';
import { onPostgres } from '../support/on-postgres.ts';
import type { PostgresForTests } from '../support/postgres.ts';
import { note } from '../support/sample-events.ts';
import { type Receipt, timelineOf } from '../support/timelines.ts';
import { makeToken, statusWith } from '../support/tokens.ts';
import { until } from '../support/until.ts';

const SERVICES = ['intake', 'timeline', 'customers', 'replay'] as const;
type Service = (typeof SERVICES)[number];
const ROUNDS = 2;
const TEST_MS = 240_000;

await onPostgres('machines that are lost', declareTests);

function declareTests(server: PostgresForTests): void {
  describe('services on machines of their own, with log, keys, tokens and read models elsewhere', () => {
    let machines: Machines;
    let running: Record<Service, Machine>;
    beforeAll(async () => {
      machines = await Machines.prepare(server);
      running = await startAll();
    });
    afterAll(() => machines?.close());

    const startAll = async (): Promise<Record<Service, Machine>> => {
      const timeline = await machines.start('timeline');
      const settings = { TOUCHLINE_TIMELINE_URL: timeline.process.origin };
      const [intake, customers, replay] = await Promise.all(
        ['intake', 'customers', 'replay'].map((service) => machines.start(service, settings)),
      );
      if (!intake || !customers || !replay) throw new Error('not all started');
      return { intake, timeline, customers, replay };
    };
    const post = async (id: string, subject: string): Promise<Receipt> => {
      const answer = await running.intake.process.post(note(id, { subject }));
      expect([200, 201]).toContain(answer.status);
      return (await answer.json()) as Receipt;
    };
    const idsOf = async (subject: string, position: string): Promise<readonly string[]> => {
      let ids: readonly string[] | undefined;
      await until(
        async () => {
          ids = await timelineOf(running.timeline.process, subject, position);
          return ids !== undefined;
        },
        `the timeline of ${subject} has come to ${position}`,
        60_000,
      );
      return ids ?? [];
    };

    test(
      'lose nothing when every machine is lost with its disk, and put nothing on it',
      async () => {
        const subject = 'account:shop:lost';
        const receipts: Receipt[] = [];
        for (let round = 0; round <= ROUNDS; round++) {
          receipts.push(await post(`round-${round}`, subject));
          const expected = receipts.map((_, index) => `round-${index}`);
          expect(await idsOf(subject, receipts.at(-1)?.position ?? '')).toEqual(expected);
          // The identifier is still recognised, and what was recorded once stays recorded once.
          expect(await post('round-0', subject)).toEqual({ ...receipts[0], duplicate: true });
          for (const { disk } of Object.values(running)) expect(await readdir(disk)).toEqual([]);
          if (round === ROUNDS) break;
          await Promise.all(Object.values(running).map((machine) => machine.lose()));
          expect(Object.values(running).filter(({ disk }) => existsSync(disk))).toEqual([]);
          running = await startAll();
        }
      },
      TEST_MS,
    );

    test(
      'find the rebuild that was asked for and go on with it, after the machines that knew of it are lost',
      async () => {
        const { position } = await post('before-rebuild', 'account:shop:rebuilt');
        await idsOf('account:shop:rebuilt', position);
        const path = '/v1/readmodels/timeline/rebuilds';
        const { job } = await running.replay.process.json<{ job: string }>(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ promote: 'auto', reason: 'machines are lost' }),
        });
        await Promise.all(Object.values(running).map((machine) => machine.lose()));
        running = await startAll();
        await until(
          async () => {
            const { state } = await running.replay.process.json<{ state: string }>(`${path}/${job}`);
            return state === 'promoted';
          },
          'the rebuild is promoted',
          90_000,
        );
        expect(await idsOf('account:shop:rebuilt', position)).toEqual(['before-rebuild']);
      },
      TEST_MS,
    );

    test(
      'know the tokens that were made, and those that were revoked, on machines that are lost',
      async () => {
        const [kept, revoked] = [
          await makeToken(running.replay.process, 'kept'),
          await makeToken(running.replay.process, 'revoked'),
        ];
        const path = `/v1/tokens/${revoked.id}`;
        expect((await running.replay.process.fetch(path, { method: 'DELETE' })).status).toBe(200);
        await Promise.all(Object.values(running).map((machine) => machine.lose()));
        running = await startAll();
        for (const { process } of Object.values(running)) {
          expect(await statusWith(process, kept.token)).toBe(200);
          expect(await statusWith(process, revoked.token)).toBe(401);
        }
        const { items } = await running.replay.process.json<{ items: object[] }>('/v1/tokens');
        expect(items).toMatchObject([{ id: revoked.id, revokedby: 'admin' }, { id: kept.id }]);
        for (const { disk } of Object.values(running)) expect(await readdir(disk)).toEqual([]);
      },
      TEST_MS,
    );

    test(
      'that do not know the same token tell what to set',
      async () => {
        const stranger = await machines.start('customers', {
          TOUCHLINE_TIMELINE_URL: running.timeline.process.origin,
          TOUCHLINE_ADMIN_TOKEN: 'another-token-0123456789',
        });
        const answer = await fetch(
          new URL(`/v1/customers/${'1'.repeat(24)}/merge`, stranger.process.origin),
          {
            method: 'POST',
            headers: {
              authorization: 'Bearer another-token-0123456789',
              'content-type': 'application/json',
            },
            body: JSON.stringify({ with: '2'.repeat(24), reason: 'same person' }),
          },
        );
        expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
          503,
          expect.stringContaining('TOUCHLINE_ADMIN_TOKEN must be the same'),
        ]);
        await expect(machines.start('intake', { TOUCHLINE_ADMIN_TOKEN: '' })).rejects.toThrow(
          /TOUCHLINE_ADMIN_TOKEN is not set.*openssl/,
        );
      },
      TEST_MS,
    );
  });
}
