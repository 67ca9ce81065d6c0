import { afterAll, test } from 'vitest';
import { Engines } from './engines.ts';
import type { PostgresServer } from './postgres-server.ts';
import { DISTRIBUTED, type Installation, install, type Shape } from './shapes.ts';

/** A shape that can be had here. */
export interface ShapeForTests {
  readonly shape: Shape;
  /** The database it stands on, where it is ours. */
  readonly database?: PostgresServer | undefined;
  /** `settings` go to every process. */
  install(settings?: Readonly<Record<string, string>>): Promise<Installation>;
}

/**
 * The shapes every end-to-end promise is tried in, for `describe.each`. Where the engines of the distributed one are missing a
 * test is declared in its place that is skipped with the reason. They end with the test file.
 */
export async function everyShape(): Promise<readonly ShapeForTests[]> {
  const embedded = (['one process', 'one process per service'] as const).map((shape) => ({
    shape,
    install: (settings = {}) => install(shape, settings),
  }));
  const engines = await Engines.open();
  if ('missing' in engines) {
    test.skip(`${DISTRIBUTED}: ${engines.missing}`, () => {});
    return embedded;
  }
  afterAll(() => engines.close());
  return [...embedded, distributed(engines)];
}

function distributed(engines: Engines): ShapeForTests {
  return {
    shape: DISTRIBUTED,
    database: engines.postgres.server,
    install: (settings = {}) => installDistributed(engines, settings),
  };
}

/** On room of its own, which is gone when it is closed. */
export async function installDistributed(
  engines: Pick<Engines, 'room'>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const room = engines.room();
  const touchline = await install(DISTRIBUTED, { ...room.settings, ...settings });
  return {
    ...touchline,
    async close() {
      await touchline.close();
      await room.drop();
    },
  };
}
