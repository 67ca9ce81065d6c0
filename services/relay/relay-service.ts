import { type Check, defineService } from '@touchline/service-kit';
import type { Relay } from './relay.ts';
import { registerRelayMeasures } from './relay-measures.ts';
import { republicationRoutes } from './republication/republication-routes.ts';

export interface RelayBacking {
  readonly relay: Relay;
  /** What must work before the process counts as ready. */
  readonly checks: readonly Check[];
}

/** Touchpoints and customers to the broker, touchpoints from it. */
export const relay = defineService<RelayBacking>({
  name: 'relay',
  title: 'Carries touchpoints between the log and a broker',
  checks: ({ checks }) => checks,
  routes(app, backing) {
    registerRelayMeasures(app.metrics, backing.relay);
    republicationRoutes(app, backing);
  },
});
