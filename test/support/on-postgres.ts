import { afterAll, test } from 'vitest';
import { openPostgresForTests, type PostgresForTests } from './postgres.ts';

/** Declares `tests` where there is a server, one for the whole file, else one test that is skipped with the reason. */
export async function onPostgres(
  what: string,
  tests: (postgres: PostgresForTests) => unknown,
): Promise<void> {
  const postgres = await openPostgresForTests();
  if ('missing' in postgres) {
    test.skip(`${what}: ${postgres.missing}`, () => {});
    return;
  }
  afterAll(() => postgres.close());
  await tests(postgres);
}
