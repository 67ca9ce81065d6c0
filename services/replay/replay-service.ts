import type { Backing } from '@touchline/backing';
import type { EventStore } from '@touchline/event-store';
import type { ReadStore } from '@touchline/read-store';
import { type Clock, defineService, type TokenRegister } from '@touchline/service-kit';
import { registerMeasures } from './measures.ts';
import type { ReadModels } from './read-models.ts';
import { customerJobRoutes } from './routes/customer-job-routes.ts';
import { logRoutes } from './routes/log-routes.ts';
import { readModelRoutes } from './routes/read-model-routes.ts';
import { rebuildRoutes } from './routes/rebuild-routes.ts';
import { tokenRoutes } from './routes/token-routes.ts';

export interface ReplayBacking {
  readonly eventStore: Pick<EventStore, 'readAll' | 'readStream' | 'head' | 'count'>;
  readonly readStore: Pick<ReadStore, 'generations' | 'jobs'>;
  readonly readModels: ReadModels;
  readonly fileSizes: Backing['fileSizes'];
  readonly tokens: Pick<TokenRegister, 'create' | 'list' | 'revoke'>;
  readonly clock: Clock;
}

/** For the people who run an installation: how read models stand, rebuilding them without fear, the raw log, who may come in. */
export const replay = defineService<ReplayBacking>({
  name: 'replay',
  title: 'Read models, rebuilds, parked customers, the raw log, tokens',
  routes(app, backing) {
    registerMeasures(app.metrics, backing);
    readModelRoutes(app, backing);
    rebuildRoutes(app, backing);
    customerJobRoutes(app, backing);
    logRoutes(app, backing);
    tokenRoutes(app, backing);
  },
  checks: ({ eventStore }) => [
    {
      name: 'log',
      check: async () => {
        await eventStore.head();
      },
    },
  ],
});
