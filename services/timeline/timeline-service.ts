import type { Journal } from '@touchline/journal';
import type { ReadModelReader } from '@touchline/read-store';
import { defineService } from '@touchline/service-kit';
import type { Catalogue } from '@touchline/touchpoints';
import type { FoldingMeasures } from './folding-measures.ts';
import { changeRoutes } from './routes/change-routes.ts';
import { customerRoutes, decisionRoutes } from './routes/customer-routes.ts';
import { entryRoutes } from './routes/entry-routes.ts';
import { searchRoutes } from './routes/search-routes.ts';
import { timelineRoutes } from './routes/timeline-routes.ts';

export interface TimelineBacking {
  readonly reader: ReadModelReader;
  readonly catalogue: Catalogue;
  /** Only for the keyed hash of identifiers. */
  readonly journal: Pick<Journal, 'identify'>;
  /** Of whoever folds in this process. */
  readonly measures?: FoldingMeasures;
  /** Country for telephone numbers without one, e.g. CN. */
  readonly defaultRegion?: string;
}

/** Customers, their timelines, and search: the reading side. */
export const timeline = defineService<TimelineBacking>({
  name: 'timeline',
  title: 'Customers and their timelines',
  routes(app, backing) {
    backing.measures?.register(app.metrics);
    changeRoutes(app, backing);
    customerRoutes(app, backing);
    decisionRoutes(app, backing);
    timelineRoutes(app, backing);
    entryRoutes(app, backing);
    searchRoutes(app, backing);
  },
  checks: ({ reader }) => [{ name: 'timeline', check: () => reader.read(() => undefined) }],
});
