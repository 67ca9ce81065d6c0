import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machine, Machines } from '../support/machines.ts';
import { openPostgresForTests } from '../support/postgres.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { makeToken, statusWith } from '../support/tokens.ts';
import { TOKEN } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

const TEST_MS = 120_000;

const postgres = await openPostgresForTests();
const isOurs = !('missing' in postgres) && postgres.server !== undefined;

describe.skipIf(!isOurs)('tokens on a PostgreSQL of their own that goes away (servers of our own)', () => {
  let tokens: PostgresServer;
  let machines: Machines;
  let replay: Machine;
  beforeAll(async () => {
    if ('missing' in postgres) return;
    tokens = await PostgresServer.start();
    machines = await Machines.prepare(postgres, { TOUCHLINE_TOKEN_STORE: tokens.url });
    replay = await machines.start('replay');
  });
  afterAll(async () => {
    await machines?.close();
    await tokens?.close();
    if (!('missing' in postgres)) await postgres.close();
  });

  const isReady = async (machine: Machine): Promise<boolean> =>
    (await machine.process.fetch('/health/ready')).ok;

  test(
    'lets in whom it knows, calls nobody else invalid, starts, and is up to date when it is back',
    async () => {
      const { token } = await makeToken(replay.process, 'known');
      const intake = await machines.start('intake');
      expect(await statusWith(intake.process, token)).toBe(200);
      let times = 0;
      for (const how of ['fast', 'crash'] as const) {
        await tokens.stop(how);
        await hasLogged(intake, 'tokens cannot be read', ++times);
        expect(await statusWith(intake.process, token)).toBe(200);
        expect(await isReady(intake)).toBe(true);
        expect(await statusWith(intake.process, 'tl_unknown')).toBe(503);
        const refused = await replay.process.fetch('/v1/tokens');
        expect([refused.status, await refused.json()]).toEqual([
          503,
          expect.objectContaining({ code: 'token-store-unavailable' }),
        ]);
        const newcomer = await machines.start('intake');
        expect(await statusWith(newcomer.process, TOKEN)).toBe(200);
        expect(await statusWith(newcomer.process, token)).toBe(503);
        expect(await isReady(newcomer)).toBe(false);
        await tokens.start();
        await until(async () => (await statusWith(newcomer.process, token)) === 200, 'the newcomer knows it');
        expect(await isReady(newcomer)).toBe(true);
        await hasLogged(intake, 'tokens are read again', times);
        expect(await statusWith(intake.process, 'tl_unknown')).toBe(401);
        await newcomer.lose();
      }
    },
    TEST_MS,
  );
});

/** Asked of the log: who asks often with a token that is refused is held back. */
function hasLogged({ process }: Machine, what: string, times: number): Promise<void> {
  return until(() => process.output.split(what).length > times, `${what}, for the time ${times}`);
}
